"""What the market AI can refuse.

ModelNotFound        model.not_found         404
ModelNotPromotable   model.not_promotable    409   it isn't good enough, is live already, or its bytes are damaged
NothingToLearnFrom   model.nothing_to_learn  422   too few answered contracts
PredictionNotFound   prediction.not_found    404   no market with this id
"""

from common.errors import DomainError


class ModelNotFound(DomainError):
    code = "model.not_found"
    title = "There is no such model."
    status = 404


class ModelNotPromotable(DomainError):
    code = "model.not_promotable"
    title = "The model can't be made live."
    status = 409


class NothingToLearnFrom(DomainError):
    code = "model.nothing_to_learn"
    title = "There is too little to learn from."
    status = 422


class PredictionNotFound(DomainError):
    code = "prediction.not_found"
    title = "There is no such market."
    status = 404

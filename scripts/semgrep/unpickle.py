import pickle

import yaml


def bad(data):
    # ruleid: unpickle
    pickle.loads(data)
    # ruleid: unpickle
    yaml.load(data)
    # ruleid: unpickle
    eval(data)


def good(data):
    # ok: unpickle
    yaml.safe_load(data)
    # ok: unpickle
    orjson.loads(data)

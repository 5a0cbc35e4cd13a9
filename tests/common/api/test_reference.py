from typing import Any

from common.api.reference import operation_page, rows, sections
from common.api.stored_document import stored_document

DOCUMENT = stored_document()
NODE: dict[str, Any] = {
    "properties": {
        "name": {"type": "string", "description": "Its `name`."},
        "kind": {"$ref": "#/components/schemas/Kind"},
        "children": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
        "size": {"oneOf": [{"type": "integer"}, {"type": "null"}]},
        "box": {"type": "object", "properties": {"depth": {"type": ["number", "null"]}}},
    },
    "required": ["name"],
}
SMALL: dict[str, Any] = {
    "paths": {},
    "components": {"schemas": {"Node": NODE, "Kind": {"type": "string", "enum": ["leaf", "twig"]}}},
}


def test_a_schema_becomes_rows_once_even_if_it_holds_itself() -> None:
    found = rows(SMALL, {"$ref": "#/components/schemas/Node"})
    assert [(row.name, row.depth, row.kind, row.is_needed, row.values) for row in found] == [
        ("name", 0, "string", True, ()),
        ("kind", 0, "string", False, ("leaf", "twig")),
        ("children", 0, "list of any", False, ()),
        ("size", 0, "integer or null", False, ()),
        ("box", 0, "object", False, ()),
        ("depth", 1, "number or null", False, ()),
    ]
    assert found[0].about == "Its <code>name</code>."


def test_every_operation_is_in_one_section_and_has_a_page() -> None:
    lines = [line for section in sections(DOCUMENT) for line in section.lines]
    assert len(lines) == sum(len(methods) for methods in DOCUMENT["paths"].values())
    for line in lines:
        page = operation_page(DOCUMENT, line.operation_id)
        assert page is not None
        assert [sample.name for sample in page.samples] == ["curl", "Python", "JavaScript"]
        assert any(not answer.is_failure and (answer.example or answer.status == "204") for answer in page.answers)
        assert any(answer.is_failure for answer in page.answers)


def test_the_page_of_an_order_has_its_fields_and_examples() -> None:
    page = operation_page(DOCUMENT, "placeOrder")
    assert page is not None
    assert page.line.route == "POST /api/v1/orders"
    assert not page.line.is_public
    assert [row.name for row in page.body if row.is_needed] == ["market_id", "outcome", "side"]
    assert '"client_order_id": "c-81"' in page.examples[0].text
    assert operation_page(DOCUMENT, "nothing") is None

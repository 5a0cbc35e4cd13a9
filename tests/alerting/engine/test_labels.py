from alerting.engine.labels import label, label_set, only, text, with_labels


def test_order_and_empty_values_make_no_difference() -> None:
    assert label_set({"b": "2", "a": "1", "c": ""}) == label_set({"a": "1", "b": "2"}) == (("a", "1"), ("b", "2"))


def test_reading() -> None:
    labels = label_set({"a": "1", "b": "2"})
    assert (label(labels, "a"), label(labels, "x")) == ("1", "")
    assert only(labels, ["b", "x"]) == (("b", "2"),)
    assert with_labels(labels, {"a": "", "c": "3"}) == (("b", "2"), ("c", "3"))
    assert text(label_set({"a": 'x"\\\n', "b": "2"})) == '{a="x\\"\\\\\\n", b="2"}'

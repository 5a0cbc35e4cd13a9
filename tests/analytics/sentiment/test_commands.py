import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command


@pytest.mark.data
def test_the_tone_agrees_with_people(project_dir: Path) -> None:
    file = project_dir.parent / "shared" / "data" / "sentiment" / "tweets-500.csv"
    if not file.exists():
        pytest.skip("../shared/data is missing")
    told = StringIO()
    call_command("evaluate_sentiment", str(file), stdout=told)
    found = {name: float(value) for name, value in re.findall(r"(Pearson|Spearman) +(\S+)", told.getvalue())}
    assert found.keys() == {"Pearson", "Spearman"}
    assert min(found.values()) >= 0.6
    assert "n = 500" in told.getvalue()


def test_files_that_cant_be_used(tmp_path: Path) -> None:
    file = tmp_path / "ratings.csv"
    for text in ("", "a,b\n1,2\n", "mean_human_rating,text\nx,y\n", "mean_human_rating,text\n1,y\n1,z\n"):
        file.write_text(text)
        with pytest.raises(CommandError):
            call_command("evaluate_sentiment", str(file), stdout=StringIO())
    file.write_text("mean_human_rating,text\n" + "".join(f"{n},{'bad ' * n}\n" for n in range(5)))
    with pytest.raises(CommandError, match="agrees less"):
        call_command("evaluate_sentiment", str(file), stdout=StringIO())

from __future__ import annotations

from review.cli.formatting import HelpFormatter
from review.cli.language import speaking


def test_long_term_stands_on_a_line_of_its_own() -> None:
    formatter = HelpFormatter(width=40)
    formatter.write_dl([("--a-very-long-option 文件夹文件夹", "what it does"), ("--b", "")])
    assert formatter.getvalue() == (
        "--a-very-long-option 文件夹文件夹\n" + " " * 32 + "what it\n" + " " * 32 + "does\n--b\n"
    )


def test_usage_continues_under_its_first_argument() -> None:
    formatter = HelpFormatter(width=30)
    with speaking("zh-Hans"):
        formatter.write_usage("review", "[选项] 文件夹 项目 输出文件夹")
    formatter.write_usage("review", "DIR", prefix="or: ")
    assert formatter.getvalue() == (
        "用法：review [选项] 文件夹\n             项目 输出文件夹\nor: review DIR\n"
    )

#!/usr/bin/env python3
"""Renders chat templates with Transformers, as apply_chat_template does, and writes what came out.

usage: pip install transformers jinja2; make_chat_fixtures.py model/src/test/resources/chat-templates

Reads TEMPLATE.jinja of that folder, each with conversations.json, and expressions.json; writes expected.json: the text, or null where
the reference refuses. strftime_now tells 1 January 2026, 12:00.
"""
import datetime
import json
import pathlib
import sys

from transformers.utils import chat_template_utils

folder = pathlib.Path(sys.argv[1])


class Fixed(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2026, 1, 1, 12, 0, 0)


chat_template_utils.datetime = Fixed


def render(template, conversation):
    try:
        variables = {k: v for k, v in conversation.items() if k != "messages"}
        rendered, _ = chat_template_utils.render_jinja_template(
            conversations=[conversation.get("messages", [])], chat_template=template,
            tools=variables.pop("tools", None), documents=variables.pop("documents", None),
            add_generation_prompt=variables.pop("add_generation_prompt", False), **variables)
        return rendered[0]
    except Exception as e:
        print("refused:", repr(template[:60]), type(e).__name__, e, file=sys.stderr)
        return None


conversations = json.loads((folder / "conversations.json").read_text())
templates = {p.stem: p.read_text() for p in sorted(folder.glob("*.jinja"))}
expected = {
    "templates": {name: {c: render(t, conversations[c]) for c in conversations} for name, t in templates.items()},
    "expressions": [render(e, conversations["plain"]) for e in json.loads((folder / "expressions.json").read_text())],
}
(folder / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n")

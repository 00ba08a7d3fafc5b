#!/usr/bin/env python3
"""Writes which of some names Python's fnmatch.fnmatchcase finds for each of many patterns.

usage: make_glob_cases.py > core/src/test/resources/dev/hadron/config/glob-cases.txt

The first line holds the names, every other one a pattern and the names that match it, tab separated.
"""
import fnmatch
import random

rnd = random.Random(7)


def some(alphabet, most):
    return "".join(rnd.choice(alphabet) for _ in range(rnd.randint(1, most)))


layers = [f"model.layers.{i}.{m}" for i in (0, 1, 10) for m in ("self_attn.q_proj", "mlp.down_proj")]
names = ["lm_head", "model.embed_tokens", "conv1", "LM_HEAD", "a", "b", "z", "-", "!", "]", "[", "[]", "[!]", "[a", "^", "\\", ".", "a-", "ab", "[ab]",
         "é", "日本", "\U0001f600", "a\U0001f600b"] + layers
names += sorted({some("ab-!][^\\.z&~|", 3) for _ in range(60)} - set(names))
patterns = ["", "*", "?", "??", "*.*", "lm_head", "*.q_proj", "*down_proj", "model.layers.[01].*", "model.layers.1?.*", "model.layers.[!1].*", "*[!0-9]", "*[0-9]",
            "*.mlp.*_proj", "MODEL.*", "a.b", "a+", "(a)", "a|b", "{a}", "$", "^", "\\", "\\a", "\\*",
            "[", "]", "[]", "[!", "[!]", "[]]", "[!]]", "[]a]", "[!]a]", "[a", "[a-", "[a-]", "[-a]", "[!-a]", "[z-a]", "[!z-a]", "[z-ab]", "[!z-ab]", "[a-a]", "[a-z-b]",
            "[--]", "[---]", "[--a]", "[!--a]", "[a--]", "[!!]", "[!!a]", "[^a]", "[a^]", "[[]", "[[a]", "[a[]", "[]-a]", "[\\]", "[\\a]", "[\\\\-a]", "[&&]", "[a&&b]", "[~~]",
            "[||]", "[.]", "[*]", "[?]", "[a]]", "[[]]", "[a-b-c]", "[a-bz-a]", "[é]", "[à-ü]", "[日-本]", "[\U0001f600]", "[!\U0001f600]", "?\U0001f600?",
            "[\U0001f5ff-\U0001f601]", "*a*", "*a*b*", "**", "*?*", "?*?", "[a-b][a-b]", "a[!b]*"]
patterns += sorted({some("ab-!][*?^\\.z", 7) for _ in range(150)} | {"[" + some("ab-!]^\\.z", 6) + "]" for _ in range(150)} - set(patterns))
print("\t".join(names))
for p in patterns:
    print("\t".join([p] + [n for n in names if fnmatch.fnmatchcase(n, p)]))

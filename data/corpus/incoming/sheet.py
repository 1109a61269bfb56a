"""sheet.py RAW…: writes sheets/NAME.md from raw narratives (numbered sentences)."""

import pathlib
import sys

sys.path[:0] = ["/work/main", "/work/studio/bin"]
from importlib.machinery import SourceFileLoader

cr = SourceFileLoader("check_raw", "/work/studio/bin/check_raw").load_module()
from pipeline.parse.sentences import sentence_spans

for raw in sys.argv[1:]:
    out = []
    n = 0
    k = 0
    for c in cr.parse(raw):
        m = c["meta"]
        t = cr.text(c)
        k += 1
        out.append(
            f"\n## {m['id']}   nominee: {m.get('nominee', '')} · nominator: {m.get('nominator')} · setting: {m.get('setting')} · level: {m.get('level')} · {m.get('text_type')}"
        )
        for i, (a, b) in enumerate(sentence_spans(t), 1):
            n += 1
            out.append(f"{i}. {t[a:b]}")
    name = pathlib.Path(raw).stem
    pathlib.Path(f"/work/studio/sheets/{name}.md").write_text("\n".join(out) + "\n")
    print(name, k, "narratives", n, "sentences")

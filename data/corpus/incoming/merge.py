"""merge.py: raw narratives + label files a, b (+ decisions x) -> data/corpus/{grounded,written}/NAME.txt; prints disagreements worksheets."""

import glob
import pathlib
import sys

sys.path[:0] = ["/work/main", "/work/studio/bin"]
from importlib.machinery import SourceFileLoader

cr = SourceFileLoader("check_raw", "/work/studio/bin/check_raw").load_module()
cl = SourceFileLoader("check_labels", "/work/studio/bin/check_labels").load_module()
from pipeline.labels.authoring import AuthoredNarrative, AuthoredSentence, format_authored, text_and_spans
from pipeline.parse.sentences import sentence_spans

ORDER = ["behaviour", "outcome", "praise", "context"]


def canon(ws):
    kinds = [w for w in ws if w in ORDER]
    rest = [w for w in dict.fromkeys(ws) if w not in ORDER]
    lab = [f"{f}/{l}" for f in cl.LAB for l in cl.LAB[f] if f"{f}/{l}" in rest]
    sec = [f"@{s}" for s in cl.SECT if f"@{s}" in rest]
    return tuple(kinds[:1] + lab + sec)


def build(name, letters="ab", need=1):
    L = {}
    for w in letters + "x":
        p = pathlib.Path(f"/work/studio/labels/{name}.{w}.txt")
        if p.exists():
            L[w] = cl.labels(p)
    have = [w for w in L if w != "x"]
    if len(have) < need:
        return None
    out = []
    dis = []
    for c in cr.parse(f"/work/studio/raw/{name}.txt"):
        m = dict(c["meta"])
        t = cr.text(c)
        i = m.pop("id")
        S = []
        prev = 0
        spans = sentence_spans(t)
        for k, (a, b) in enumerate(spans, 1):
            gap = t[prev:a]
            nl = gap.count("\n")
            joint = "//" if not S else ("/" * nl if nl else ">")
            lab = {w: canon(L[w][i][k][1]) for w in have if i in L[w] and k in L[w][i]}
            if not lab:
                lab = {}
            x = canon(L["x"][i][k][1]) if "x" in L and i in L["x"] and k in L["x"][i] else None
            vals = set(lab.values())
            dec = x or (next(iter(vals)) if len(vals) == 1 else None)
            if dec is None and lab:
                dis.append((i, k, t[a:b], lab))
                # provisional: the first annotator's reading with what both share, until adjudicated
                dec = lab[have[0]]
            S.append(AuthoredSentence(joint, t[a:b], {"=": dec, **lab} if dec else {}, 0))
            prev = b
        n = AuthoredNarrative(i, m, tuple(S), pathlib.Path(name), 0)
        tt, sp = text_and_spans(n)
        got = sentence_spans(tt)
        if got != sp:
            print("SPANS differ", i, [tt[a:b] for a, b in set(got) ^ set(sp)][:4])
        out.append(n)
    return out, dis, have


if __name__ == "__main__":
    for raw in sorted(glob.glob("/work/studio/raw/*.txt")):
        name = pathlib.Path(raw).stem
        r = build(name)
        if r is None:
            print(name, "no labels")
            continue
        out, dis, have = r
        miss = sum(not s.labels for n in out for s in n.sentences)
        if miss:
            print(name, "unlabelled sentences", miss)
            continue
        part = "grounded" if name[0] == "g" else "written"
        p = pathlib.Path(f"/work/main/data/corpus/{part}/{name}.txt")
        p.parent.mkdir(parents=True, exist_ok=True)
        p.write_text("".join(map(format_authored, out)).rstrip("\n") + "\n")
        tot = sum(len(n.sentences) for n in out)
        print(name, have, len(out), "narratives", tot, "sentences", len(dis), "disagreements")
        if len(have) > 1 and dis:
            with open(f"/work/studio/sheets/{name}.dis.md", "w") as f:
                cur = None
                for i, k, s, lab in dis:
                    if i != cur:
                        f.write(f"\n## {i}\n")
                        cur = i
                    f.write(f"{k}. {s}\n" + "".join(f"   {w}: {' '.join(v)}\n" for w, v in lab.items()))

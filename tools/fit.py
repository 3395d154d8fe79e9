"What a reader should not meet in a saved notebook: `python tools/fit.py nbs/12_vae.ipynb` names it"
import json, re, sys
from pathlib import Path

def faults(f):
    "What a reader should not meet in a notebook's saved file"
    if f.stat().st_size > 1e6: yield f'{f.stat().st_size/1e6:.1f} MB: trim its outputs (1 MB at most)'
    nb = json.loads(f.read_text(encoding='utf-8'))
    title = next((''.join(c['source']) for c in nb['cells'] if c['cell_type']=='markdown'), '')
    if not re.fullmatch(r'# .+\n+> .+(\n+- .+)*\n*', title):
        yield 'the first text cell is not `# Title` and `> one line` alone: nbdev drops what else it holds'
    for i,c in enumerate(nb['cells']):
        for o in c.get('outputs', []):
            data = o.get('data', {})
            texts = [data.get(k, '') for k in ('text/plain','text/html','text/markdown')]
            text = ''.join(o.get('text', [])) + ''.join(''.join(t) for t in texts if isinstance(t, (str,list)))
            if o.get('name')=='stderr' and text.strip(): yield f'cell {i}: {text.strip()[:80]!r} on stderr'
            if o['output_type']=='error': yield f"cell {i}: a saved error, {o['ename']}"
            if re.search(r'\w*Warning:|\d+%\|', text): yield f'cell {i}: a warning or a progress bar in a saved output'
            if m := re.search(r'(?<![\w.])/(?:home|tmp|root|work|Users)/[\w./-]+', text):
                yield f'cell {i}: a path of one machine, {m[0]}'
            if any('widget' in k for k in data): yield f'cell {i}: a widget without its kernel'

if __name__=='__main__':
    bad = [f'{f}: {e}' for f in sys.argv[1:] for e in faults(Path(f))]
    print('\n'.join(bad) or 'fit to read')
    sys.exit(bool(bad))

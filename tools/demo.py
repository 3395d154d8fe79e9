"Run a notebook as a reader would, without a browser: its pictures become files in out/; the command line adds one"
import base64, re, shlex, subprocess, sys, sysconfig, time
from pathlib import Path
from refresh import run

kinds = {'image/png':'png', 'image/jpeg':'jpg', 'image/gif':'gif', 'image/webp':'webp', 'image/svg+xml':'svg'}
_inline = re.compile(r'data:(image/(?:png|jpeg|gif|webp));base64,([\w+/=\s]+)')
command = 'sdexplore generate "a red handwritten seven on a blue background" --seed 1 -o out/seven.png'

def pictures(o):
    "The pictures of one output as (suffix, bytes): the richest form it has, or those inside its HTML"
    data = o.get('data', {})
    kind = next((k for k in kinds if k in data), None)
    if kind=='image/svg+xml': yield 'svg', ''.join(data[kind]).encode()
    elif kind: yield kinds[kind], base64.b64decode(data[kind])
    else:
        for k,b in _inline.findall(data.get('text/html', '')): yield kinds[k], base64.b64decode(b)

def save_all(nb, stem, out):
    "Write every picture of `nb`, named by the heading that it stands under"
    slug,n = '',0
    for c in nb.cells:
        if c.cell_type=='markdown':
            for h in re.findall(r'^#+ +(.+)$', c.source, re.M): slug = '-'.join(re.findall(r'[a-z0-9]+', h.lower())[:5])
        for o in c.get('outputs', []):
            for suffix,b in pictures(o):
                n += 1
                f = out/f'{stem}-{n:02d}-{slug}.{suffix}'
                f.write_bytes(b); print(f'  {f}  {len(b)/1e3:.0f} KB')
    return n

def main(fn):
    out,fn,start = Path('out'),Path(fn),time.time()
    out.mkdir(exist_ok=True)
    for old in out.glob(f'{fn.stem}-*'): old.unlink()
    print('$', command, flush=True)
    subprocess.run([str(Path(sysconfig.get_path('scripts'), 'sdexplore')), *shlex.split(command)[1:]], check=True)
    print(f'running {fn}, to its last cell', flush=True)
    n = save_all(run(fn), fn.stem, out)
    print(f'out/: {n} pictures of {fn}, and seven.png, in {time.time()-start:.0f} s')
    return n==0

if __name__=='__main__': sys.exit(main(*sys.argv[1:]))

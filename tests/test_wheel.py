"The package, as somebody installs it, with no network; in one file, since it is built once"
import json, os, re, shutil, subprocess, sys, sysconfig, venv, zipfile
import pytest
from PIL import Image
from sdexplore.cli import reader_copy
from helpers import copy_tree, root, run, sh, tree

probe = '''
import sys, sdexplore
heavy = {'torch','diffusers','transformers','matplotlib'} & sys.modules.keys()
assert not heavy, f'import sdexplore loads {heavy}'
import importlib, pkgutil, fastcore
for m in pkgutil.iter_modules(sdexplore.__path__): importlib.import_module('sdexplore.'+m.name)
print(fastcore.__version__, sdexplore.__file__)
'''

class Home:
    "An environment with the wheel: `empty` but for what pip brings, or with our libraries lent, to save minutes"
    def __init__(self, path, wheel, empty):
        self.path = path
        venv.create(path)
        self.site = next(path.glob('lib/python3*/site-packages'))
        constraints = root/'constraints.txt'
        if empty:
            self.pip(re.search(r'^torch==.*$', constraints.read_text(), re.M)[0])
            self.pip('-c', constraints, wheel)
        else:  # what is installed here to be edited, a .pth file does not lend
            (self.site/'borrowed.pth').write_text(sysconfig.get_path('purelib')+'\n')
            self.pip('--no-deps', wheel)
    def pip(self, *args):
        return sh(sys.executable, '-m', 'pip', '--python', self.path/'bin/python', 'install', '-qq', *args)
    def files(self): return {str(p): p.stat().st_mtime_ns for p in self.site.rglob('*')}
    def run(self, cwd, name, *args):
        "Run a command of this environment with no network, nobody's home folder, and site-packages read-only"
        home = cwd/'home'
        home.mkdir(exist_ok=True)
        passed_on = ('LANG','OMP_NUM_THREADS','OPENBLAS_CORETYPE','OPENBLAS_L2_SIZE')
        env = {k: v for k,v in os.environ.items() if k in passed_on}
        env |= dict(PATH=f"{self.path}/bin:{os.environ['PATH']}", HOME=str(home), PYTHONPATH=str(no_sockets(cwd)))
        cmd = [*isolation(self.site), self.path/'bin'/name, *args]
        before = self.files()
        sh('chmod', '-R', 'a-w', self.site)
        try: done = run(cmd, cwd, env)
        finally: sh('chmod', '-R', 'u+w', self.site)
        if done.returncode: pytest.fail(f"{name} {' '.join(args)}\n{done.stdout[-5000:]}", pytrace=False)
        assert self.files()==before, 'it wrote into site-packages'
        return done.stdout

refusal = '''import socket
def refuse(*a): raise OSError('this test has no network')
socket.socket.connect = socket.socket.connect_ex = refuse
'''

def no_sockets(cwd):
    "A folder whose sitecustomize refuses every connection, for machines where no namespace can be made"
    (cwd/'no_net').mkdir(exist_ok=True)
    (cwd/'no_net/sitecustomize.py').write_text(refusal)
    return cwd/'no_net'

def isolation(site):
    "The command that takes away the network, and for root, whom chmod does not bind, the right to write to `site`"
    mount = ['sh', '-c', 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"', site]
    for cmd in (['unshare','-n','-m',*mount], ['unshare','-n'], ['unshare','-rn']):
        try:
            if subprocess.run([*map(str, cmd), 'true'], capture_output=True).returncode==0: return cmd
        except OSError: pass
    return []

@pytest.fixture(scope='module')
def wheel(tmp_path_factory):
    "The wheel of a clean clone, made from its sdist; of the files that git knows, where they are not all committed"
    src = tmp_path_factory.mktemp('clone')/'sdexplore'
    if sh('git', 'status', '--porcelain'): copy_tree(src, new=False)
    else: sh('git', 'clone', '-q', root, src)
    sh(sys.executable, '-m', 'build', '-o', src/'dist', src)
    return next((src/'dist').glob('*.whl'))

@pytest.fixture(scope='module')
def home(tmp_path_factory, wheel, request):
    path = tmp_path_factory.mktemp('venv')
    slow = 'slow' in request.config.getoption('--flags').split()
    yield Home(path, wheel, empty=slow or bool(os.environ.get('CI')))
    shutil.rmtree(path)

def shipped_notebooks():
    "The files of nbs that a wheel carries, relative to it"
    return {f.relative_to('nbs') for f in tree(new=False) if f.parts[0]=='nbs' and f.suffix in ('.ipynb','.png')}

def test_wheel_holds_all_and_is_small(wheel):
    sizes = {i.filename: i.compress_size for i in zipfile.ZipFile(wheel).infolist()}
    names = set(sizes)
    notebooks = {f'sdexplore/notebooks/{f}' for f in shipped_notebooks()}
    package = {str(f) for f in tree(new=False) if f.parts[0]=='sdexplore'}
    assert not (package|notebooks)-names, f'not in the wheel: {sorted((package|notebooks)-names)}'
    extra = {n for n in names-package-notebooks if '.dist-info/' not in n}
    assert not extra, f'in the wheel, though git does not know them: {sorted(extra)}'
    assert {n.split('/')[-1] for n in names} >= {'LICENSE','NOTICE','py.typed'}, 'the licences are not in the wheel'
    ours, theirs = (sum(sizes[n] for n in part)/1e6 for part in (names-notebooks, notebooks))
    assert ours+theirs <= 40, f'the wheel is {ours+theirs:.1f} MB, 40 MB at most'
    assert theirs <= 12, f'the notebooks are {theirs:.1f} MB in the wheel, 12 MB at most'

def test_installed_wheel_brings_its_notebooks(home, tmp_path):
    "Copied from a read-only package: every one, writable, as they are here, and with nothing missing that they link to"
    home.run(tmp_path, 'sdexplore', 'notebooks', 'work')
    work, ours = tmp_path/'work', shipped_notebooks()
    theirs = {f.relative_to(work) for f in work.rglob('*') if f.is_file()}
    assert theirs==ours and not [f for f in ours if not (work/f).stat().st_mode&0o200]
    assert not [f for f in ours if reader_copy(root/'nbs'/f)!=(work/f).read_bytes()]
    whole = [f for f in ours if f.suffix=='.ipynb' and 'nbdev.nbdev_export()"' in (work/f).read_text(encoding='utf-8')]
    assert not whole, f'these end in an export, which fails outside a clone: {whole}'
    for f in (f for f in theirs if f.suffix=='.ipynb'):
        cells = json.loads((work/f).read_text(encoding='utf-8'))['cells']
        text = '\n'.join(''.join(c['source']) for c in cells if c['cell_type']=='markdown')
        for link in re.findall(r'\]\((?!\w+:|#)([^)#\s]+)', text):
            assert (work/f.parent/link).is_file(), f'{f} links to {link}'

def test_installed_wheel_paints_with_no_network(home, tmp_path):
    prompt = 'a red handwritten seven on a blue background'
    home.run(tmp_path, 'sdexplore', 'generate', prompt, '--seed', '1', '-o', 'seven.png')
    picture = Image.open(tmp_path/'seven.png')
    assert (picture.format, picture.size) == ('PNG', (64,64))
    assert any(prompt in str(v) for v in picture.text.values()), f'no recipe in the picture: {picture.text}'

def test_installed_wheel_imports_lightly(home, tmp_path):
    assert str(home.site) in home.run(tmp_path, 'python', '-c', probe)

def test_installed_wheel_imports_with_the_newest_fastcore(home, tmp_path):
    home.pip('-U', 'fastcore')
    version = home.run(tmp_path, 'python', '-c', probe).split()[0]
    assert int(version.split('.')[0]) >= 2, f'fastcore {version} is not the newest'

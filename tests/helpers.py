"What the suites share: commands as a person would type them, and copies of the project to try them on"
import hashlib, os, shutil, socket, subprocess, sysconfig, time, urllib.request
from configparser import ConfigParser
from contextlib import contextmanager
from pathlib import Path
import pytest

root = Path(__file__).resolve().parent.parent

def without_test_flag():
    "This environment without nbdev's IN_TEST, under which nbdev_export does nothing"
    return {k: v for k,v in os.environ.items() if k!='IN_TEST'}

def run(cmd, cwd, env):
    "A command's process when it has ended, its two outputs as one text"
    words = [str(c) for c in cmd]
    return subprocess.run(words, cwd=cwd, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

def sh(*cmd, cwd=root, **env):
    "Run a command, and return what it printed; where it fails, that is the test's message"
    done = run(cmd, cwd, without_test_flag()|env)
    if done.returncode: pytest.fail(f"{' '.join(map(str, cmd))}\n{done.stdout[-5000:]}", pytrace=False)
    return done.stdout

def script(name): return Path(sysconfig.get_path('scripts'), name)
def tool(name, *args, **kw): return sh(script(name), *args, **kw)

# The project's files

def tree(new=True):
    "The project's files; `new` ones too, that git does not know yet and does not ignore"
    names = sh('git', 'ls-files', '-z', *(['-co','--exclude-standard'] if new else [])).split('\0')
    return [Path(n) for n in sorted(set(names)) if n and (root/n).is_file()]

def notebooks(): return [f for f in tree() if f.suffix=='.ipynb']

def digest(top, files):
    return {str(f): hashlib.sha256((top/f).read_bytes()).hexdigest() if (top/f).exists() else None for f in files}

def copy_tree(dest, new=True):
    for f in tree(new):
        (dest/f).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root/f, dest/f, follow_symlinks=False)
    return dest

def check_same(dest, hint):
    "Nothing in the copy `dest` differs from the project"
    files = [f for f in {*tree(), *(p.relative_to(dest) for p in dest.glob('sdexplore/**/*.py'))}]
    ours, theirs = digest(root, files), digest(dest, files)
    differ = sorted(f for f in ours if ours[f]!=theirs[f])
    assert not differ, f"out of step: {', '.join(differ)}; run `{hint}`"

def setting(name):
    "A value of settings.ini"
    ini = ConfigParser(delimiters=['='])
    ini.read(root/'settings.ini', encoding='utf-8')
    return ini['DEFAULT'][name]

# JupyterLab

def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]

def private_jupyter(folder):
    "Variables that give a Jupyter folders of its own, with nobody's settings"
    folders = {f'JUPYTER_{k}_DIR': str(folder/k.lower()) for k in ('CONFIG','DATA','RUNTIME')}
    return folders | dict(IPYTHONDIR=str(folder/'ipython'))

def lab_options(port, token):
    "A JupyterLab for this machine only, on this port or not at all"
    return ['--no-browser', '--ip=127.0.0.1', f'--port={port}', '--ServerApp.port_retries=0',
        f'--IdentityProvider.token={token}', '--expose-app-in-browser']

def answer(server, url, log):
    "What a server says at `url`, once it is up"
    for _ in range(240):
        assert server.poll() is None, log.read_text()[-3000:]
        try: return urllib.request.urlopen(url, timeout=2).read()
        except OSError: time.sleep(.25)
    pytest.fail(log.read_text()[-3000:])

@contextmanager
def serving(cmd, log, **kw):
    "A server, in a process group of its own that ends with it"
    with open(log, 'w') as f:
        words = [str(c) for c in cmd]
        server = subprocess.Popen(words, stdout=f, stderr=subprocess.STDOUT, start_new_session=True, **kw)
    try: yield server
    finally:
        os.killpg(server.pid, 15)
        server.wait(30)

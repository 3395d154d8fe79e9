"Run the cells of a notebook that are tests, in a process of its own: python tools/one_notebook.py nbs/12_vae.ipynb"
import atexit, gc, importlib, json, os, subprocess, sys, tempfile
from pathlib import Path

# Before anything imports torch: threads that wait for each other lose their time as soon as anything else runs
os.environ.setdefault('OMP_NUM_THREADS', '1')
can_fork = sys.platform=='linux'

def run_cells(
    path, # of a notebook
    flags=(), # test flags whose cells run too, such as 'slow'
):
    "Run a notebook's cells with nbdev's own runner, so that `#| slow` and `#| eval: false` count: did all go well?"
    from nbdev.config import get_config
    from nbdev.test import test_nb
    cfg = get_config()
    skipped = cfg.tst_flags.split()
    return test_nb(Path(path).resolve(), skip_flags=skipped, force_flags=flags, basepath=cfg.config_path)[0]

def import_libraries(package):
    "What nearly every notebook imports: six seconds, paid once. Where one fails, the notebook that needs it says so"
    modules = [f'{package.name}.{f.stem}' for f in sorted(package.glob('[a-z]*.py'))]
    for name in ('nbdev.test', 'matplotlib.pyplot', *modules):
        try: importlib.import_module(name)
        except Exception: pass

def print_to(log):
    "From now on this process reads nothing, and whatever it prints goes to the file `log`"
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    out = os.open(log, os.O_WRONLY|os.O_CREAT|os.O_APPEND)
    for stream in (1, 2): os.dup2(out, stream)

def leave(code):
    "End this process: temporary folders go, but the memory is not taken down piece by piece, which takes seconds"
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)

def serve():
    "For each line of stdin, [path, flags, log]: a fork of this process runs the notebook; its exit code is the answer"
    from nbdev.config import get_config
    cfg = get_config()
    sys.path.insert(0, str(cfg.config_path))
    import_libraries(cfg.lib_path)
    gc.freeze()
    for line in sys.stdin:
        path, flags, log = json.loads(line)
        child = os.fork()
        if not child:
            print_to(log)
            leave(not run_cells(path, flags))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
    leave(0)

class Runner:
    "Runs notebooks, each in a process of its own, which on Linux is a fork of one that has imported the libraries"
    server = None
    def __call__(self, path, flags=()):
        "The exit code, 0 where all went well, and all that was printed"
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder, 'log')
            code = (self.fork if can_fork else self.spawn)(str(path), list(flags), log)
            return code, log.read_text(encoding='utf-8', errors='replace')

    def spawn(self, path, flags, log):
        cmd = [sys.executable, __file__, path, *flags]
        with open(log, 'w') as f: return subprocess.run(cmd, stdin=subprocess.DEVNULL, stdout=f, stderr=f).returncode

    def fork(self, path, flags, log):
        if not self.server:
            cmd, pipe = [sys.executable, __file__, '--serve'], subprocess.PIPE
            self.server = subprocess.Popen(cmd, stdin=pipe, stdout=pipe, text=True)
        print(json.dumps([path, flags, str(log)]), file=self.server.stdin, flush=True)
        answer = self.server.stdout.readline()
        if not answer: raise RuntimeError(f'the process that runs the notebooks ended with {self.server.wait()}')
        return int(answer)

    def close(self):
        if self.server: self.server.communicate()

if __name__=='__main__':
    if sys.argv[1:]==['--serve']: serve()
    else: sys.exit(not run_cells(sys.argv[1], sys.argv[2:]))

__version__ = "0.1.0"

import os

# torch's threads wait for each other by spinning, which costs many times their gain as soon as another program wants
# a core (`python tools/neighbour.py` measures it). Where torch is not loaded yet, they are told to sleep instead.
os.environ.setdefault('OMP_WAIT_POLICY', 'passive')

"""What the campaigns' executor processes run: ``stoat executor``, with a planted bug if one is named."""

import sys

from adapters.render.executor import main
from ops.campaigns.plants import plant_from_environment

if __name__ == "__main__":
    plant_from_environment()
    sys.exit(main([]))

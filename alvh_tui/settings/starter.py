"""The settings file to begin with: every key explained, nothing set."""

_TEXT = """\
# The settings of alvh. The file may be missing, and everything in it; what is switched off below shows what
# holds then. Take the # in front of a line away to set it. `alvh doctor` tells what is wrong in it.

[screen]
#theme = "night"                # "night", "day", "clear" (safe for colour-blind eyes) or "terminal"
#charts = "braille"             # "braille", "blocks" or "ascii"
#private = false                # true: amounts are hidden from the start
#interval = 30                  # seconds between two looks in trading hours; left out: as the session has it
#columns = ["pnl", "delta"]     # of the book's table, in this order; left out: as many as fit
#mouse = true                   # false: the terminal keeps the mouse for itself
#ages = false                   # true: the age of every figure is shown from the start

# Keys of your own: action = "key", or a list of keys, or [] for none. `alvh keys` lists the actions.
[keys]
#refresh = "r"

# Told is what begins and stays: a layer that triggers, a strike that comes near. Never on stale data.
[alerts]
#severity = "soon"              # told from this severity on: "know", "soon" or "act"
#stands = 60                    # seconds it must stand to be told (not "act"), and stay away to be told again
#cooldown = 15                  # minutes between two alerts of one rule about one position or layer
#stale = 10                     # minutes without sound data, positions open, in trading hours: told once
#amounts = false                # true: alerts may hold dollars, contract counts and profit
#played = false                 # true: the demo and recordings are told outside the terminal too
#timeout = 10                   # seconds a command or a server is waited for

# Where to, besides the screen and `alvh watch`, which always show them. `alvh doctor --alert` tries each.
#bell = false                   # the terminal's bell
#terminal = "none"              # "osc9" (iTerm2, WezTerm, Windows) or "osc777" (Ghostty, foot, Konsole, rxvt)
#desktop = false                # notify-send or osascript
#command = "my-script --loud"   # of your own, without a shell: the alert on its standard input, as JSON
#webhook = "https://example.org/hook"           # the same JSON as a POST
#ntfy = "https://ntfy.sh/a-topic-nobody-guesses"
#apprise = ["tgram://token/chat"]               # addresses of apprise: pip install "alvh-tui[alerts]"

# By rule, as attention and journal name them: the severity it is told from, or "never". * is anything; of
# several that fit, the last counts.
[alerts.rules]
#"condor.take-profit" = "know"
#"macro.*" = "never"
"""


def settings_text() -> str:
    """A commented starter; unchanged, it sets nothing."""
    return _TEXT

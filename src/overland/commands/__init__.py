"""The commands of the command line, one module each; heavy things are imported only when a command runs."""

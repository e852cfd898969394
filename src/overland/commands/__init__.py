"""The commands of the command line, one module each; a module imports heavy things only when its command runs."""

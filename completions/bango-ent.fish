complete --keep-order --exclusive --command bango-ent --arguments "(BANGO_ENT_COMPLETE=fish bango-ent -- (commandline --current-process --tokenize --cut-at-cursor) (commandline --current-token))"

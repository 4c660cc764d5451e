set edit:completion:arg-completer[bango-ent] = { |@words|
    var index = (count $words)
    set index = (- $index 1)

    put (env _CLAP_IFS="\n" _CLAP_COMPLETE_INDEX=(to-string $index) BANGO_ENT_COMPLETE="elvish" bango-ent -- $@words) | to-lines
}

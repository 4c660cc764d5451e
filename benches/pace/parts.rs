//! The parts of a benchmark: those that the command line names are run, or all.

/// Runs the parts that are wanted, if this is the benchmark and not a test of it.
pub fn run(parts: &[(&str, fn())]) {
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("this measures the release build; run it by cargo bench");
        return;
    }
    let is_word = |word: &String| !word.starts_with('-');
    let wanted: Vec<_> = std::env::args().skip(1).filter(is_word).collect();
    for (name, part) in parts {
        if wanted.is_empty() || wanted.iter().any(|word| word == name) {
            println!("\n{name}");
            part();
        }
    }
}

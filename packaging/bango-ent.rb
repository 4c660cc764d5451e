# Made by .ci/package from packaging/bango-ent.rb.
class BangoEnt < Formula
  desc "Command line of the Bango Resale API: grant, follow and end entitlements"
  homepage "@ADDRESS@"
  url "@ADDRESS@/v@VERSION@/bango-ent-@VERSION@-@TARGET@.tar.gz"
  sha256 "@SHA256@"
  license any_of: ["MIT", "Apache-2.0"]

  def install
    bin.install "bango-ent"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/bango-ent.bash" => "bango-ent"
    fish_completion.install "completions/bango-ent.fish"
    zsh_completion.install "completions/bango-ent.zsh" => "_bango-ent"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/bango-ent --version")
    assert_match "TOO_MANY_REQUESTS", shell_output("#{bin}/bango-ent explain 429")
  end
end

// A config that is accepted is written to the same config again, says nothing but what it holds, and takes a
// login and gives it back.
#include <cstdlib>

#include "sigstore/base/bytes.h"
#include "sigstore/credentials/docker/config.h"

using namespace sigstore;
using credentials::Config;

namespace {

const oci::Repository repositories[] = {{"r.example", {}},
                                        {"r.example", "team/app"},
                                        {"r.example:5000", "app"},
                                        {"index.docker.io", "library/nginx"}};

void require(bool holds) {
  if (!holds) std::abort();
}

Config parsed(const std::string& text) {
  auto config = Config::parse(text, "config.json");
  require(config.has_value());
  return std::move(*config);
}

void check_lookup(const Config& config, const oci::Repository& repository) {
  const auto found = config.entry_for(repository);
  if (!found) {
    require(found.error().code == Code::malformed &&
            found.error().text().find("config.json") != std::string::npos);
    return;
  }
  if (!*found) return;
  const remote::Credential& credential = **found;
  require(!credential.username.empty() || !credential.password.empty() ||
          !credential.identity_token.empty() || !credential.registry_token.empty());
}

void check_login(Config config, const std::string& registry) {
  config.put(registry, "dev:s3cret");
  const auto kept = parsed(config.write()).entry_for({registry, {}});
  require(kept && *kept && (*kept)->username == "dev" && (*kept)->password.reveal() == "s3cret");
  require(config.keys_of(registry).size() == 1);
  require(config.remove(registry));
  require(config.keys_of(registry).empty());
  const auto left = parsed(config.write()).entry_for({registry, {}});
  require(left && !*left);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto config = Config::parse(as_text({data, size}), "config.json");
  if (!config) {
    require(config.error().text().find("config.json") != std::string::npos);
    return 0;
  }
  const std::string text = config->write();
  require(parsed(text).write() == text);
  for (const auto& repository : repositories) check_lookup(*config, repository);
  for (const auto& registry : config->registries())
    require(!registry.empty() && registry.find('/') == std::string::npos && registry != "index.docker.io");
  check_login(parsed(text), "r.example");
  check_login(parsed(text), "index.docker.io");
  return 0;
}

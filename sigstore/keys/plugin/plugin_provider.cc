#include <algorithm>
#include <array>

#include "sigstore/base/limits.h"
#include "sigstore/codec/json_scan.h"
#include "sigstore/keys/plugin/plugin.h"

namespace sigstore::keys {
namespace {

using plugin::Plugin;

constexpr std::string_view prefix = "sigstore-kms-";
constexpr std::array<std::string_view, 3> not_ours = {"env", "http", "https"};

bool allowed_in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-' || c == '+';
}

// "awskms" of "awskms:///alias/k"; empty when it is no reference to a plugin.
std::string_view scheme_of(std::string_view reference) {
  const auto end = reference.find("://");
  if (end == std::string_view::npos) return {};
  const auto scheme = reference.substr(0, end);
  if (!std::ranges::all_of(scheme, allowed_in_name) || std::ranges::find(not_ours, scheme) != not_ours.end())
    return {};
  return scheme;
}

// Of those services for which real cosign needs no plugin.
std::string_view service_of(std::string_view scheme) {
  if (scheme == "awskms") return "AWS KMS";
  if (scheme == "gcpkms") return "Google Cloud KMS";
  if (scheme == "azurekms") return "Azure Key Vault";
  return {};
}

// What to do when there is no program.
std::string advice(std::string_view scheme) {
  const std::string program = std::string(prefix) + std::string(scheme);
  if (const auto service = service_of(scheme); !service.empty())
    return "put the plugin " + program + ", which speaks to " + std::string(service) +
           ", on PATH: docs/keys.md, \"AWS, Google, Azure\", says how it is made";
  return "put the plugin for " + std::string(scheme) + ":// on PATH under that name (docs/keys.md)";
}

Result<Plugin> plugin_of(const Context& context, const std::string& reference) {
  const auto scheme = scheme_of(reference);
  if (scheme.empty()) return fail(Code::not_mine, "not a key of a plugin");
  if (reference.size() > limits::key_uri_bytes)
    return fail(Code::too_large, "the reference to the key is too long");
  if (!codec::json::is_utf8(reference))
    return fail(Code::invalid_argument, "the reference to the key is not UTF-8");
  return Plugin(context, std::string(prefix) + std::string(scheme), reference.substr(scheme.size() + 3),
                advice(scheme));
}

class PluginProvider final : public Provider {
 public:
  [[nodiscard]] std::string_view name() const override { return "plugin"; }

  Result<std::unique_ptr<crypto::Signer>> open_signer(const Context& context,
                                                      const std::string& reference) override {
    TRY(auto plugin, plugin_of(context, reference));
    return plugin::open(std::move(plugin));
  }

  Result<crypto::PublicKey> open_public(const Context& context, const std::string& reference) override {
    TRY(const auto plugin, plugin_of(context, reference));
    return plugin.public_key();
  }

  Result<crypto::PublicKey> create(const Context& context, const std::string& reference,
                                   const NewKey& wanted) override {
    TRY(const auto plugin, plugin_of(context, reference));
    if (!wanted.algorithm.empty()) return plugin.create_key(wanted.algorithm);
    TRY(const auto algorithm, plugin.default_algorithm());
    return plugin.create_key(algorithm);
  }
};

}  // namespace

std::unique_ptr<Provider> make_plugin() {
  return std::make_unique<PluginProvider>();
}

}  // namespace sigstore::keys

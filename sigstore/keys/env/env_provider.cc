#include "sigstore/base/limits.h"
#include "sigstore/keys/file/key_file.h"
#include "sigstore/keys/provider.h"

namespace sigstore::keys {
namespace {

constexpr std::string_view scheme = "env://";

// A variable that holds a key: its PEM text, and how to speak of it.
struct Variable {
  std::string what;
  std::string pem;
};

Result<Variable> read_variable(const Env& env, const std::string& reference, const std::string& file) {
  if (!reference.starts_with(scheme)) return fail(Code::not_mine, "not an environment variable");
  const std::string name = reference.substr(scheme.size());
  if (name.empty())
    return fail(Code::invalid_argument, "env:// names no environment variable", {}, "write env://NAME");
  auto value = env.variables->get(name);
  const std::string set_it = "export " + name + "=\"$(cat " + file + ")\"";
  if (!value) return fail(Code::not_found, "the environment variable " + name + " is not set", {}, set_it);
  if (value->empty())
    return fail(Code::malformed, "the environment variable " + name + " is empty", {}, set_it);
  if (value->size() > limits::key_file_bytes)
    return fail(Code::too_large, "the environment variable " + name + " is too large to be a key");
  if (value->starts_with("-----BEGIN ") && value->find('\n') == std::string::npos)
    return fail(Code::malformed, "the key in the environment variable " + name + " has lost its line breaks",
                {}, set_it);
  return Variable{"$" + name, std::move(*value)};
}

class EnvProvider final : public Provider {
 public:
  [[nodiscard]] std::string_view name() const override { return "env"; }

  Result<std::unique_ptr<crypto::Signer>> open_signer(const Context& context,
                                                      const std::string& reference) override {
    TRY(const auto variable, read_variable(context.env, reference, "cosign.key"));
    TRY(auto key, unlock(context.env, variable.pem, variable.what));
    return std::make_unique<crypto::PrivateKey>(std::move(key));
  }

  Result<crypto::PublicKey> open_public(const Context& context, const std::string& reference) override {
    TRY(const auto variable, read_variable(context.env, reference, "cosign.pub"));
    return crypto::PublicKey::from_pem(variable.pem, variable.what);
  }
};

}  // namespace

std::unique_ptr<Provider> make_env() {
  return std::make_unique<EnvProvider>();
}

}  // namespace sigstore::keys

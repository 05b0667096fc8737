#include <array>

#include "sigstore/keys/file/key_file.h"
#include "sigstore/keys/gitlab/gitlab_variables.h"
#include "sigstore/keys/provider.h"

namespace sigstore::keys {
namespace {

constexpr const char* password_name = "COSIGN_PASSWORD";
constexpr const char* private_name = "COSIGN_PRIVATE_KEY";
constexpr const char* public_name = "COSIGN_PUBLIC_KEY";

std::string what_of(const char* name, const GitlabVariables& variables) {
  return std::string(name) + " in " + variables.what();
}

Result<Secret> need(GitlabVariables& variables, const char* name) {
  TRY(auto value, variables.find(name));
  if (value) return std::move(*value);
  return fail(Code::not_found, variables.what() + " has no variable " + name, {},
              "cosign generate-key-pair gitlab://PROJECT makes a key pair there");
}

Result<crypto::PrivateKey> open_key(const Env& env, GitlabVariables& variables) {
  TRY(const auto pem, need(variables, private_name));
  const std::string what = what_of(private_name, variables);
  TRY_OK(check_key_file(pem.reveal(), what));
  TRY(const auto password, variables.find(password_name));
  if (!password) return unlock(env, pem.reveal(), what);
  auto pkcs8 = open_private_key(pem.reveal(), *password, what);
  if (pkcs8) return crypto::PrivateKey::from_pkcs8(*pkcs8);
  Error error = std::move(pkcs8).error();
  if (error.code == Code::wrong_password) {
    error.cause = "the password is the variable COSIGN_PASSWORD there";
    error.hint = "correct it, or remove it to be asked";
  }
  return fail(std::move(error));
}

// Whoever verifies with the same reference is given the other half.
Result<void> check_halves(const crypto::PrivateKey& key, GitlabVariables& variables) {
  TRY(const auto pem, variables.find(public_name));
  if (!pem) return {};
  const auto half = crypto::PublicKey::from_pem(pem->reveal(), what_of(public_name, variables));
  if (half && *half == key.public_key()) return {};
  return fail(Code::mismatch,
              what_of(public_name, variables) + " is not the public half of its COSIGN_PRIVATE_KEY",
              half ? "" : half.error().text(), "nobody could verify with it: correct the variable");
}

// Variables that are written one after the other: what cannot be written whole is taken back.
class Writing {
 public:
  explicit Writing(GitlabVariables& variables) : variables_(variables) {}

  Result<void> look() {
    for (auto& slot : slots_) {
      TRY(slot.before, variables_.find(slot.name));
      any_ = any_ || (slot.before && slot.name == private_name);
    }
    return {};
  }

  [[nodiscard]] bool has_key() const { return any_; }

  Result<void> write(const char* name, const Secret& value) {
    for (auto& slot : slots_) {
      if (slot.name != name) continue;
      const auto done =
          slot.before ? variables_.replace(slot.name, value) : variables_.create(slot.name, value);
      if (!done) return fail(taken_back(done.error()));
      slot.written = true;
    }
    return {};
  }

  // A password that no longer belongs to the key. The last thing: until then it belongs to the one before.
  Result<void> drop_password() {
    auto& slot = slots_.front();
    if (!slot.before) return {};
    const auto done = variables_.remove(slot.name);
    if (!done) return fail(taken_back(done.error()));
    return {};
  }

 private:
  struct Slot {
    std::string name;
    std::optional<Secret> before;
    bool written = false;
  };

  Error taken_back(Error error) {
    std::string left;
    for (auto& slot : slots_) {
      if (!slot.written) continue;
      const auto undone =
          slot.before ? variables_.replace(slot.name, *slot.before) : variables_.remove(slot.name);
      if (!undone) left += (left.empty() ? "" : ", ") + slot.name;
    }
    if (!left.empty()) error.hint = "these are of the new key, and could not be taken back: " + left;
    return error;
  }

  GitlabVariables& variables_;
  std::array<Slot, 3> slots_ = {Slot{password_name, {}}, Slot{private_name, {}}, Slot{public_name, {}}};
  bool any_ = false;
};

class GitlabProvider final : public Provider {
 public:
  [[nodiscard]] std::string_view name() const override { return "gitlab"; }

  Result<std::unique_ptr<crypto::Signer>> open_signer(const Context& context,
                                                      const std::string& reference) override {
    TRY(const auto place, parse_gitlab_reference(reference));
    TRY(auto variables, GitlabVariables::open(context, place));
    TRY(auto key, open_key(context.env, variables));
    TRY_OK(check_halves(key, variables));
    return std::make_unique<crypto::PrivateKey>(std::move(key));
  }

  Result<crypto::PublicKey> open_public(const Context& context, const std::string& reference) override {
    TRY(const auto place, parse_gitlab_reference(reference));
    TRY(auto variables, GitlabVariables::open(context, place));
    TRY(const auto pem, need(variables, public_name));
    return crypto::PublicKey::from_pem(pem.reveal(), what_of(public_name, variables));
  }

  Result<crypto::PublicKey> create(const Context& context, const std::string& reference,
                                   const NewKey& wanted) override {
    TRY(const auto place, parse_gitlab_reference(reference));
    if (!wanted.algorithm.empty())
      return fail(Code::unsupported, "keys in variables of GitLab are of one kind only, ECDSA on P-256");
    TRY(auto variables, GitlabVariables::open(context, place));
    Writing writing(variables);
    TRY_OK(writing.look());
    if (writing.has_key() && !wanted.overwrite) TRY_OK(confirmed(context.env, variables));
    TRY(const auto password, new_password(context.env));
    TRY(const auto key, crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256));
    TRY(const auto pem, seal_private_key(key.pkcs8(), password, *context.env.random));
    if (!wanted.password_apart) TRY_OK(writing.write(password_name, password));
    TRY_OK(writing.write(private_name, Secret(std::string_view(pem))));
    TRY_OK(writing.write(public_name, Secret(std::string_view(key.public_key().pem()))));
    if (wanted.password_apart) TRY_OK(writing.drop_password());
    return key.public_key();
  }

 private:
  static Result<void> confirmed(const Env& env, const GitlabVariables& variables) {
    if (env.prompter == nullptr) return fail(Code::declined, "there is nobody to ask", {}, "pass --yes");
    return env.prompter->confirm("WARNING: " + variables.what() + " already has a key. Overwrite?", "--yes");
  }
};

}  // namespace

std::unique_ptr<Provider> make_gitlab() {
  return std::make_unique<GitlabProvider>();
}

}  // namespace sigstore::keys

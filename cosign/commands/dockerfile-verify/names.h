// The names that have values at one place of a Dockerfile: build arguments and ENV, in Docker's order.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "cosign/commands/dockerfile-verify/expand.h"

namespace cosign {

// What a build is given from outside.
struct BuildInputs {
  std::map<std::string, std::string> arguments;                            // --build-arg
  std::function<std::optional<std::string>(const std::string&)> variable;  // of the environment
  std::string platform;                                                    // "linux/amd64": where it builds
};

// TARGETPLATFORM, TARGETOS, TARGETARCH, TARGETVARIANT, and the same of BUILD…: what Docker declares by
// itself.
bool is_platform_name(const std::string& name);

// The names of the file, before its first FROM (`global` is nullptr then), or of one stage. `inputs` and
// `global` outlive it.
//
// An ARG has the value of --build-arg, else its default, else in a stage that of the ARG of the same name
// before the first FROM, else, as in the original, that of the environment. Names that no ARG or ENV declares
// are looked up in the environment too (Docker would not: the original does).
class Names final : public Scope {
 public:
  Names(const BuildInputs& inputs, const Names* global) : inputs_(inputs), global_(global) {}

  // `value` is the default; nullopt: there is none. An error: it has one that cannot be known here, which
  // counts only for whoever asks.
  void declare(const std::string& name, const sigstore::Result<std::optional<std::string>>& value);  // ARG
  void set(const std::string& name, const sigstore::Result<std::string>& value);                     // ENV

  [[nodiscard]] sigstore::Result<std::optional<std::string>> find(const std::string& name) const override;
  [[nodiscard]] sigstore::Error missing(const std::string& name) const override;

 private:
  using Value = std::optional<std::string>;
  [[nodiscard]] Value platform_value(const std::string& name) const;

  const BuildInputs& inputs_;
  const Names* global_;
  std::map<std::string, sigstore::Result<Value>> values_;
};

}  // namespace cosign

#include "cosign/commands/dockerfile-verify/names.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::Result;
using Value = std::optional<std::string>;

constexpr std::array<std::string_view, 4> platform_parts = {"PLATFORM", "OS", "ARCH", "VARIANT"};

// "OS" of TARGETOS and BUILDOS; "" of another name.
std::string_view part_of(std::string_view name) {
  for (const std::string_view prefix : {"TARGET", "BUILD"}) {
    if (!name.starts_with(prefix)) continue;
    const auto found = std::ranges::find(platform_parts, name.substr(prefix.size()));
    if (found != platform_parts.end()) return *found;
  }
  return {};
}

// "arm64" of "linux/arm64/v8" for index 1.
std::string nth_part(std::string_view platform, int index) {
  for (; index > 0; --index) {
    const auto slash = platform.find('/');
    if (slash == std::string_view::npos) return {};
    platform.remove_prefix(slash + 1);
  }
  return std::string(platform.substr(0, platform.find('/')));
}

}  // namespace

bool is_platform_name(const std::string& name) {
  return !part_of(name).empty();
}

void Names::declare(const std::string& name, const Result<Value>& value) {
  if (const auto given = inputs_.arguments.find(name); given != inputs_.arguments.end())
    values_.insert_or_assign(name, Value(given->second));
  else if (value && !*value && global_ != nullptr)
    values_.insert_or_assign(name, global_->find(name));
  else
    values_.insert_or_assign(name, value);
}

void Names::set(const std::string& name, const Result<std::string>& value) {
  values_.insert_or_assign(name, value ? Result<Value>(Value(*value)) : std::unexpected(value.error()));
}

Result<Value> Names::find(const std::string& name) const {
  if (const auto found = values_.find(name); found != values_.end() && (!found->second || *found->second))
    return found->second;
  if (auto value = inputs_.variable(name)) return value;
  return global_ == nullptr ? platform_value(name) : Value();
}

// As Docker declares them before the first FROM; a stage has them where it says ARG.
Value Names::platform_value(const std::string& name) const {
  const auto part = part_of(name);
  if (part.empty()) return std::nullopt;
  if (const auto given = inputs_.arguments.find(name); given != inputs_.arguments.end()) return given->second;
  const auto asked = name.starts_with("TARGET") ? inputs_.variable("DOCKER_DEFAULT_PLATFORM") : std::nullopt;
  const std::string platform = asked.value_or(inputs_.platform);
  if (part == "PLATFORM") return platform;
  return nth_part(platform, part == "OS" ? 0 : part == "ARCH" ? 1 : 2);
}

sigstore::Error Names::missing(const std::string& name) const {
  const bool declared = values_.contains(name);
  const std::string where = global_ == nullptr ? "before the first FROM" : "in this stage";
  return {Code::not_found, name + " has no value",
          declared ? "its ARG has no default" : "there is no ARG " + name + " " + where,
          declared ? "--build-arg " + name + "=VALUE" : "ARG " + name + "=DEFAULT " + where};
}

}  // namespace cosign

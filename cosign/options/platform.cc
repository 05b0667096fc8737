#include "cosign/options/platform.h"

namespace cosign {

Flag& declare_platform(FlagSet& flags, std::optional<sigstore::oci::Platform>* target, std::string help) {
  Flag flag;
  flag.name = "platform";
  flag.value_name = "OS/ARCH[/VARIANT]";
  flag.suggestions = {"linux/amd64",   "linux/arm64", "linux/arm/v7",  "linux/386",
                      "linux/ppc64le", "linux/s390x", "linux/riscv64", "windows/amd64"};
  flag.help = std::move(help);
  flag.set = [target](const std::string& value) -> sigstore::Result<void> {
    target->reset();
    if (value.empty()) return {};
    auto platform = sigstore::oci::Platform::parse(value);
    if (!platform)
      return sigstore::fail(sigstore::Code::invalid_argument, "must look like linux/amd64 or linux/arm/v7");
    *target = std::move(*platform);
    return {};
  };
  return flags.add(std::move(flag));
}

}  // namespace cosign

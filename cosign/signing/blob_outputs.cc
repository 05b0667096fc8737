#include "cosign/signing/blob_outputs.h"

#include <algorithm>

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

// --output is what cosign 1 called --output-signature.
Flag old_output(std::string* target) {
  Flag flag;
  flag.name = "output";
  flag.value_name = "FILE";
  flag.help = "the same as --output-signature, as cosign 1 spells it";
  flag.section = Section::compatibility;
  flag.set = [target](const std::string& value) -> Result<void> {
    *target = value;
    return {};
  };
  return flag;
}

}  // namespace

void BlobOutputFlags::declare(FlagSet& flags) {
  flags.text("bundle", &bundle, "FILE", "write the signature as a sigstore bundle to FILE");
  flags.text("output-signature", &signature, "FILE",
             "write what would be on standard output to FILE: the form of cosign 1 and 2");
  flags
      .boolean("new-bundle-format", &new_bundle_format,
               "`=false`: --bundle writes the form of cosign 1 and 2")
      .section = Section::compatibility;
  flags.add(old_output(&signature));
}

void BlobOutputFlags::declare_last(FlagSet& flags) {
  // With a key there is none, and lines that ask for one work in real cosign.
  flags.text("output-certificate", &certificate, "FILE", "not written with --key: there is none").section =
      Section::compatibility;
}

Result<void> BlobOutputFlags::check(const FlagSet& flags, const std::vector<std::string>& inputs,
                                    const std::vector<std::string>& others) const {
  if (flags.given("new-bundle-format") && new_bundle_format && bundle.empty())
    return fail(Code::invalid_argument,
                "--new-bundle-format without --bundle would leave the signature nowhere", {},
                "add --bundle FILE");
  std::vector<std::string> outputs = {bundle, signature}, taken = inputs;
  outputs.insert(outputs.end(), others.begin(), others.end());
  for (const std::string& output : outputs) {
    if (output.empty()) continue;
    if (std::ranges::find(taken, output) != taken.end())
      return fail(Code::invalid_argument, output + " would be overwritten",
                  "it is the file of an output, and something else on this line");
    taken.push_back(output);
  }
  return {};
}

std::string BlobOutputFlags::remark() const {
  if (certificate.empty()) return {};
  return "note: with --key there is no certificate: " + certificate + " is not written";
}

}  // namespace cosign

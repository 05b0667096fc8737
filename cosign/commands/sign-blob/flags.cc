#include "cosign/commands/sign-blob/flags.h"

#include <algorithm>

#include "cosign/options/workers.h"

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

Result<void> check_outputs(const SignBlobFlags& flags, const std::vector<std::string>& blobs) {
  std::vector<std::string> taken = blobs;
  taken.push_back(flags.signing.key);
  for (const std::string* output : {&flags.bundle, &flags.output_signature}) {
    if (output->empty()) continue;
    if (std::ranges::find(taken, *output) != taken.end())
      return fail(Code::invalid_argument, *output + " would be overwritten",
                  "it is the file of an output, and something else on this line");
    taken.push_back(*output);
  }
  return {};
}

}  // namespace

void SignBlobFlags::declare(FlagSet& flags) {
  signing.declare(flags);
  flags.text("bundle", &bundle, "FILE", "write the signature as a sigstore bundle to FILE");
  flags.text("output-signature", &output_signature, "FILE",
             "write the base64 signature to FILE, instead of standard output");
  flags.boolean("b64", &base64, "the signature as base64; `=false`: as the bytes that it is");
  declare_workers(flags, &max_workers, "files signed at a time");
  flags
      .boolean("new-bundle-format", &new_bundle_format,
               "`=false`: --bundle writes the form of cosign 1 and 2")
      .section = Section::compatibility;
  flags.add(old_output(&output_signature));
  signing.later.declare(flags, LaterFlags::Effect::ignored, "signing-algorithm", "NAME",
                        "not used with --key: the key decides");
  signing.later.declare(flags, LaterFlags::Effect::refused, "rfc3161-timestamp", "FILE",
                        "write the signed timestamp");
  signing.declare_rest(flags);
  // With a key there is none, and lines that ask for one work in real cosign.
  flags.text("output-certificate", &output_certificate, "FILE", "not written with --key: there is none")
      .section = Section::compatibility;
}

Result<void> SignBlobFlags::check(const FlagSet& flags, sigstore::Files& files,
                                  const std::vector<std::string>& blobs) const {
  TRY_OK(signing.check(files, "sign-blob", "FILE"));
  if (flags.given("new-bundle-format") && new_bundle_format && bundle.empty())
    return fail(Code::invalid_argument,
                "--new-bundle-format without --bundle would leave the signature nowhere", {},
                "add --bundle FILE");
  if (blobs.size() > sigstore::limits::blobs)
    return fail(Code::too_large,
                "more than " + std::to_string(sigstore::limits::blobs) + " files on one line");
  if (blobs.size() > 1 && (!bundle.empty() || !output_signature.empty()))
    return fail(
        Code::invalid_argument, "one output file cannot hold the signatures of several files", {},
        "sign one file at a time, or leave out --bundle and --output-signature: the signatures are printed");
  if (std::ranges::count(blobs, "-") > 1)
    return fail(Code::invalid_argument, "standard input can be read only once");
  return check_outputs(*this, blobs);
}

}  // namespace cosign

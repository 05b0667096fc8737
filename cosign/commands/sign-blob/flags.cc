#include "cosign/commands/sign-blob/flags.h"

#include <algorithm>

#include "cosign/options/workers.h"

namespace cosign {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

void SignBlobFlags::declare(FlagSet& flags) {
  signing.declare(flags);
  outputs.declare(flags);
  flags.boolean("b64", &base64, "the signature as base64; `=false`: as the bytes that it is");
  declare_workers(flags, &max_workers, "files signed at a time");
  signing.later.declare(flags, LaterFlags::Effect::ignored, "signing-algorithm", "NAME",
                        "not used with --key: the key decides");
  signing.later.declare(flags, LaterFlags::Effect::refused, "rfc3161-timestamp", "FILE",
                        "write the signed timestamp");
  signing.declare_rest(flags);
  outputs.declare_last(flags);
}

Result<void> SignBlobFlags::check(const FlagSet& flags, sigstore::Files& files,
                                  const std::vector<std::string>& blobs) const {
  TRY_OK(signing.check(files, "sign-blob", "FILE"));
  if (blobs.size() > sigstore::limits::blobs)
    return fail(Code::too_large,
                "more than " + std::to_string(sigstore::limits::blobs) + " files on one line");
  if (blobs.size() > 1 && (!outputs.bundle.empty() || !outputs.signature.empty()))
    return fail(Code::invalid_argument, "one output file cannot hold the signatures of several files", {},
                "sign one file at a time, or leave out --bundle and --output-signature: the signatures are "
                "printed");
  if (std::ranges::count(blobs, "-") > 1)
    return fail(Code::invalid_argument, "standard input can be read only once");
  std::vector<std::string> inputs = blobs;
  inputs.push_back(signing.key);
  return outputs.check(flags, inputs);
}

}  // namespace cosign

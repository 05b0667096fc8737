#include "cosign/verification/blob_result.h"

#include "cosign/verification/images.h"
#include "cosign/verification/render.h"
#include "cosign/verification/report.h"

namespace cosign {

using sigstore::check::ImageResult;

sigstore::Result<int> print_blob_result(Session& session, const std::string& output,
                                        const sigstore::Result<ImageResult>& result) {
  const bool report = output == "report";
  if (!result) {
    if (report) publish_report(session, as_blob_report(result.error()));
    return sigstore::fail(result.error());
  }
  if (report) publish_report(session, as_blob_report(*result));
  if (!result->accepted()) {
    session.print(*result->error);
    return exit_code(*result);
  }
  session.note("Verified OK");
  for (const std::string& name : signers(shown(*result))) session.note("Signed by " + name);
  if (result->several_keys)
    for (const std::string& key : signing_keys(*result)) session.note("Signed by " + key);
  return exit_code(*result);
}

}  // namespace cosign

#include "cosign/verification/results.h"

#include "cosign/ui/exit_codes.h"
#include "cosign/verification/report.h"

namespace cosign {

using sigstore::fail;
using sigstore::Result;
using sigstore::check::ImageResult;
using sigstore::check::Reason;

int exit_code(const ImageResult& result) {
  switch (result.reason) {
    case Reason::accepted:
      return ui::exit_ok;
    case Reason::no_signature:
      return ui::exit_no_signature;
    case Reason::image_not_found:
    case Reason::blob_not_found:
      return ui::exit_no_image;
    case Reason::no_match:
      return ui::exit_no_match;
    case Reason::lookup_failed:
    case Reason::not_judged:
    case Reason::invalid:
      break;
  }
  return ui::exit_code(result.error->code);
}

void explain_all(const Session& session, std::vector<ImageResult>& results) {
  for (ImageResult& result : results)
    if (result.error && result.reference) result.error = session.explain(*result.error, *result.reference);
}

void publish_report(Session& session, const std::string& report) {
  session.out(report);
  session.publish();
}

Result<int> print_results(Session& session, const Result<std::vector<ImageResult>>& results, bool report,
                          const std::function<void(const ImageResult&)>& print_accepted) {
  if (report) publish_report(session, results ? as_report(*results) : as_report(results.error()));
  if (!results) return fail(results.error());
  for (const ImageResult& result : *results)
    if (result.accepted() && !report) print_accepted(result);
  int code = ui::exit_ok;
  for (const ImageResult& result : *results) {
    if (result.accepted()) continue;
    session.remarks(result.notes);
    session.print(*result.error);
    if (code == ui::exit_ok) code = exit_code(result);
  }
  return code;
}

}  // namespace cosign

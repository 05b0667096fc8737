#include "cosign/session/documents.h"

#include "cosign/session/image.h"

namespace cosign {

using sigstore::Result;
using sigstore::store::Document;
using sigstore::store::Documents;

Result<Documents> find_documents(Session& session, const RegistryFlags& flags,
                                 const sigstore::oci::Reference& reference,
                                 const std::optional<sigstore::oci::Platform>& platform,
                                 sigstore::store::Attachment::Kind kind) {
  TRY(const auto moved, session.signature_repository());
  sigstore::oci::Digest digest;
  if (platform) {
    TRY(const auto image, find_image(session, flags, reference, platform));
    digest = image.digest;
  } else {
    TRY(digest, digest_of(session, flags, reference));
  }
  auto documents =
      sigstore::store::fetch_documents(session.registry(flags), moved.value_or(reference.repository), digest,
                                       flags.attachment_tag_prefix, kind, session.max_attachment());
  // Whether a digest is there is asked when nothing was found.
  if (documents.found.empty() && documents.failures.empty() && reference.digest)
    TRY_OK(find_image(session, flags, reference));
  return documents;
}

Printed print_documents(Session& session, const Documents& documents,
                        const std::function<bool(const Document&)>& wanted,
                        const std::function<Result<std::string>(const Document&)>& render) {
  Printed printed{documents.failures.empty(), documents.failures.empty()};
  std::vector<sigstore::Error> unreadable;
  for (const Document& document : documents.found) {
    if (document.content && !wanted(document)) continue;
    printed.nothing_there = false;
    auto line = document.content ? render(document) : sigstore::fail(document.content.error());
    if (line) {
      session.out(*line);
      continue;
    }
    printed.complete = false;
    unreadable.push_back(document.content ? line.error().wrap("cannot read " + document.layer.digest.text() +
                                                              " in " + document.location)
                                          : line.error());
  }
  session.remarks(documents.notes);
  if (documents.truncated) session.note("note: there is more than is looked at; only the newest are here");
  for (const sigstore::Error& error : unreadable) session.print(error);
  for (const sigstore::Error& error : documents.failures) session.print(error);
  return printed;
}

}  // namespace cosign

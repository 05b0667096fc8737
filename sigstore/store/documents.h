// What is stored beside an image, as it lies there: for taking it elsewhere. Nothing is judged.
#pragma once

#include <string>
#include <vector>

#include "sigstore/store/attachments.h"

namespace sigstore::store {

struct Document {
  bool bundle = false;          // a sigstore bundle; else a layer of a tag
  std::string location;         // "REPO:sha256-….sig"; "REPO@sha256:…" of a referrer
  oci::Descriptor layer;        // where its content lies
  Result<std::string> content;  // of a bundle on one line; an error when it cannot be had or read
  std::string predicate_type;   // of a bundle or envelope that holds a statement; else empty
};

struct Documents {
  std::vector<Document> found;  // bundles by time of creation and digest, then layers in their order
  std::vector<std::string> notes;
  std::vector<Error> failures;  // what could not be asked: it may be there
  bool truncated = false;       // more than the bound: the rest was not looked at
};

// All bundles, and the layers of `kind` (signatures or attestations), whether they stand in a tag or in a
// referrer as older releases made them; of many in one place the newest, and together at most `most` bytes.
Documents fetch_documents(remote::Registry& registry, const oci::Repository& repository,
                          const oci::Digest& subject, const std::string& tag_prefix, Attachment::Kind kind,
                          std::size_t most);

}  // namespace sigstore::store

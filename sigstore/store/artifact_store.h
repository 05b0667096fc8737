// A place where signatures and attestations live. One folder per place: tag/ (.sig, .att), referrers/
// (bundles), layout/ (a folder).
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/result.h"
#include "sigstore/bundle/bundle.h"
#include "sigstore/oci/manifest.h"
#include "sigstore/oci/reference.h"

namespace sigstore::store {

enum class Format { simple_signing, envelope, bundle };  // `.sig` layer, `.att` layer, sigstore bundle
std::string_view name(Format format);                    // "sig", "att", "bundle"

// Whether an error means that a place could not be asked (so that what is there is not known), rather than
// that what is there is bad.
bool is_lookup_failure(Code code);

// One stored thing that may be a signature. `bundle` is an error when it is there but cannot be read: that is
// reported, never skipped silently.
struct Stored {
  Format format = Format::simple_signing;
  oci::Digest digest;    // .sig and .att: of the layer; bundle: of the referrer manifest
  std::string location;  // "REPO:sha256-….sig" or "REPO@sha256:…"
  Result<bundle::Bundle> bundle;
  std::vector<std::string> notes = {};  // of put(): what the person should know
};

struct Listing {
  std::vector<Stored> entries;     // newest last where the store knows an order
  std::vector<std::string> notes;  // e.g. "the registry hides absent tags with 403; taken as absent"
  bool truncated = false;          // more than the bound: the rest was not looked at
  bool stopped = false;            // go_on() said no: `entries` is not all there is
};

struct ListOptions {
  // Asked once, after the first request has been answered and before anything more is fetched; may block.
  // False ends the look-up with what is known (so that a `.sig` that decides saves every further request of
  // the referrers store, which has asked its first question meanwhile). Empty: go on.
  std::function<bool()> go_on;
  // At most this many of the newest entries are fetched; the rest is `truncated`. 0: the store's own bound.
  std::size_t newest = 0;
};

struct PutOptions {
  std::set<oci::Digest> replaced;  // what makes room for it, by Stored::digest of list()
  // Format::envelope: the bytes that are stored, an envelope that holds the bundle's content under its
  // signature (and may hold more signatures). Empty: it is written anew.
  std::string_view envelope = {};
};

class ArtifactStore {
 public:
  virtual ~ArtifactStore() = default;
  [[nodiscard]] virtual Format format() const = 0;
  // What is stored for this digest. Nothing there is an empty listing, not an error; a look-up that fails
  // (401, 5xx, time-out) is an error, never "absent".
  virtual Result<Listing> list(const oci::Repository& repository, const oci::Digest& subject,
                               const ListOptions& options = {}) = 0;
  // Puts one more beside the image; never loses another's. Returns where it is. What is replaced goes once
  // the new one is there; what cannot go stays, and Stored::notes says why.
  virtual Result<Stored> put(const oci::Repository& repository, const oci::Descriptor& subject,
                             const bundle::Bundle& bundle, const PutOptions& options = {}) = 0;
};

}  // namespace sigstore::store

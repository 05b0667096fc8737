// Image references as people type them, with Docker's defaults (distribution/reference grammar, as ggcr reads
// it).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sigstore/base/result.h"
#include "sigstore/oci/digest.h"

namespace sigstore::oci {

// A repository in a registry: "index.docker.io" + "library/nginx".
struct Repository {
  std::string registry;  // host[:port]; Docker Hub is "index.docker.io"
  std::string path;
  // Fully qualified, as ggcr's Name(): "index.docker.io/library/nginx".
  [[nodiscard]] std::string text() const { return registry + "/" + path; }
  // Code::malformed: names the rule that was broken.
  static Result<Repository> parse(std::string_view text);
  friend auto operator<=>(const Repository&, const Repository&) = default;
};

struct Reference {
  Repository repository;
  std::optional<std::string> tag;  // "latest" when neither tag nor digest was typed
  std::optional<Digest> digest;    // wins over the tag
  bool registry_implied = false;   // no registry was typed: Docker Hub was assumed
  bool tag_implied = false;        // neither tag nor digest was typed: "latest" was assumed
  std::string typed;               // as given

  static Result<Reference> parse(std::string_view text);
  // Fully qualified: "REGISTRY/REPO@sha256:…" or "REGISTRY/REPO:tag".
  [[nodiscard]] std::string text() const;
  // What goes into /manifests/<here>.
  [[nodiscard]] std::string tag_or_digest() const { return digest ? digest->text() : *tag; }
};

// "registry/repo@sha256:…"
std::string digest_reference(const Repository& repository, const Digest& digest);

}  // namespace sigstore::oci

#include "sigstore/store/tag_access.h"

#include <algorithm>
#include <cctype>

namespace sigstore::store {
namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string permission_hint(const oci::Repository& repository, std::string_view permission, Code code) {
  std::string hint =
      "the account needs the permission to " + std::string(permission) + " " + repository.text();
  if (code == Code::unauthorized) hint += "; log in with: cosign login " + repository.registry;
  return hint;
}

}  // namespace

Result<void> take_as_absent(remote::Registry& registry, const oci::Repository& repository,
                            const oci::Digest& subject, const std::string& tag, const Error& error,
                            std::vector<std::string>& notes) {
  if (error.code == Code::not_found) return {};
  if (error.code != Code::unauthorized && error.code != Code::forbidden) return fail(error);
  oci::Reference image;
  image.repository = repository;
  image.digest = subject;
  const std::string unsaid = "the registry does not say whether the tag " + tag + " exists";
  if (registry.resolve(image)) {
    notes.push_back(unsaid + ", but gives the image; the tag is taken as absent");
    return {};
  }
  // Signatures may stand in another repository than the image.
  const auto tags = registry.tags(repository);
  if (tags && std::ranges::find(*tags, tag) == tags->end()) {
    notes.push_back(unsaid + "; its list of tags does not name it, so it is taken as absent");
    return {};
  }
  return fail(error);
}

Result<bool> tag_is_listed(remote::Registry& registry, const oci::Repository& repository,
                           const std::string& tag, const Error& refusal) {
  const auto tags = registry.tags(repository);
  if (tags) return std::ranges::find(*tags, tag) != tags->end();
  return fail(refusal.code,
              "cannot tell whether " + repository.text() + " has the tag " + tag + ", so nothing is written",
              refusal.text() + "; the list of tags: " + tags.error().text(),
              permission_hint(repository, "pull from, and to list the tags of,", refusal.code));
}

Result<std::optional<oci::Digest>> tag_names(remote::Registry& registry, const oci::Repository& repository,
                                             const std::string& tag) {
  oci::Reference reference;
  reference.repository = repository;
  reference.tag = tag;
  const auto there = registry.resolve(reference);
  if (there) return there->digest;
  const Error& error = there.error();
  if (error.code == Code::not_found) return std::nullopt;
  if (error.code != Code::unauthorized && error.code != Code::forbidden) return fail(error);
  TRY(const bool listed, tag_is_listed(registry, repository, tag, error));
  if (!listed) return std::nullopt;
  return fail(error);
}

bool says_immutable(const Error& refusal, bool exists) {
  const std::string text = lower(refusal.text());
  const auto says = [&](std::string_view word) { return text.find(word) != std::string::npos; };
  if (says("immutab")) return true;
  // A condition that does not hold may well say that the tag exists.
  if (!exists || refusal.code == Code::conflict || refusal.code == Code::unavailable) return false;
  return says("overwrit") || says("already exists") || says("is locked");
}

bool says_blob_unknown(const Error& refusal) {
  return refusal.text().find("BLOB_UNKNOWN") != std::string::npos;
}

bool says_invalid(const Error& refusal) {
  return refusal.cause.find("MANIFEST_INVALID") != std::string::npos;
}

Error cannot_read_tag(const oci::Repository& repository, const std::string& tag, const Error& refusal) {
  return {refusal.code, "not allowed to read the tag " + tag + " of " + repository.text() + ", which exists",
          refusal.text(), permission_hint(repository, "pull from", refusal.code)};
}

Error cannot_write_tag(const oci::Repository& repository, const std::string& tag, const Error& refusal) {
  return {refusal.code, "not allowed to write the tag " + tag + " of " + repository.text(), refusal.text(),
          permission_hint(repository, "push to", refusal.code)};
}

Error tag_is_immutable(const oci::Repository& repository, const std::string& tag, const Error& refusal,
                       const std::string& hint) {
  return {Code::forbidden,
          "the tag " + tag + " of " + repository.text() + " is immutable: nothing can be added to it",
          refusal.cause.empty() ? refusal.message : refusal.cause, hint};
}

Error tag_may_be_locked(const oci::Repository& repository, const std::string& tag, const Error& refusal,
                        const std::string& hint) {
  return {
      Code::forbidden,
      "the tag " + tag + " of " + repository.text() + " is there, and the registry does not let it change",
      refusal.cause.empty() ? refusal.message : refusal.cause, hint};
}

Error form_is_refused(const oci::Repository& repository, const std::string& what, const Error& refusal,
                      const std::string& hint) {
  return {refusal.code, repository.registry + " takes no signature as " + what,
          refusal.cause.empty() ? refusal.message : refusal.cause, hint};
}

Error tag_is_contested(const oci::Repository& repository, const std::string& tag) {
  return {Code::conflict, "other writers kept overwriting the tag " + tag + " of " + repository.text(),
          "the registry ignores preconditions", "sign again when fewer signers write at once"};
}

}  // namespace sigstore::store

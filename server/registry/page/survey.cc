#include "server/registry/page/survey.h"

#include "server/registry/page/turn.h"

namespace server::registry::page {

namespace limits = sigstore::limits;
namespace oci = sigstore::oci;
namespace store = sigstore::store;

namespace {

// All that a survey depends on but the keys: what the tags beside the image name, and its referrers.
// Content has its digest for a name, so equal keys are equal surveys.
std::string key_of(LocalRegistry& registry, const oci::Repository& repository, const oci::Digest& digest) {
  std::string key = oci::digest_reference(repository, digest);
  for (const char* suffix : {".att", ".sig", ".sbom", ""}) {
    oci::Reference tag{repository, oci::attachment_tag(digest, suffix), std::nullopt, false, false, {}};
    const auto named = registry.resolve(tag);
    key += "\n" + (named ? named->digest.text() : "-");
  }
  if (const auto referrers = registry.referrers(repository, digest))
    for (const oci::Descriptor& referrer : referrers->descriptors) key += "\n" + referrer.digest.text();
  return oci::Digest::sha256(key).text();
}

// Whether another look would see the same. That there is more than is looked at does not change.
bool lasts(const Survey& survey, const LocalRegistry& registry) {
  return survey.attachments.failures.empty() && !survey.answer.failed && !registry.spent();
}

}  // namespace

std::shared_ptr<const Survey> Surveys::of(LocalRegistry& registry, const oci::Repository& repository,
                                          const oci::Digest& digest) {
  const std::string key = key_of(registry, repository, digest);
  if (auto known = remembered(key)) return known;
  const Turn turn(looking_);
  auto survey = std::make_shared<Survey>();
  survey->attachments = store::list_attachments(registry, repository, digest, "");
  survey->answer = read_signers(registry, env_, repository, digest, keys_);
  // Not when something was pushed meanwhile: what was read may be older or newer than what the key says.
  if (lasts(*survey, registry) && key_of(registry, repository, digest) == key) {
    const store::Tree tree{{}, digest, survey->attachments};
    remember(key, survey, 2 * store::as_json(tree).size());
  }
  return survey;
}

std::shared_ptr<const Survey> Surveys::remembered(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end()) return nullptr;
  ages_.splice(ages_.end(), ages_, found->second.age);
  return found->second.survey;
}

void Surveys::remember(const std::string& key, const std::shared_ptr<const Survey>& survey,
                       std::size_t weight) {
  if (weight > limits::page_remembered_bytes / 4) return;
  const std::lock_guard lock(mutex_);
  if (entries_.contains(key)) return;
  entries_[key] = {survey, weight, ages_.insert(ages_.end(), key)};
  for (weight_ += weight; weight_ > limits::page_remembered_bytes; ages_.pop_front()) {
    const auto oldest = entries_.find(ages_.front());
    weight_ -= oldest->second.weight;
    entries_.erase(oldest);
  }
}

}  // namespace server::registry::page

// Tags that do not move, and writes of tags that fail.
#include <mutex>
#include <set>

#include "server/registry/play/asked.h"
#include "server/registry/play/groups.h"
#include "sigstore/oci/digest.h"

namespace server::registry::play {
namespace {

using Refuse = host::Response (*)(const Route& route);

// Whether a tag that is pushed names something else now.
bool would_move(const Asked& asked, const std::string& body, const host::Role& registry) {
  if (!asked.puts_tag()) return false;
  const host::Response now = ask(registry, "HEAD", std::string(asked.request.target));
  return now.status == 200 &&
         now.headers.get("Docker-Content-Digest") != sigstore::oci::Digest::sha256(body).text();
}

// One write at a time, so that what stood there when it was asked still stands when it is written.
host::Role keeping_tags(host::Role role, const Stage& stage, Refuse refuse) {
  auto checked =
      checking_manifests(std::move(role),
                         [registry = stage.registry, refuse](
                             const Asked& asked, const std::string& body) -> std::optional<host::Response> {
                           if (!would_move(asked, body, registry)) return std::nullopt;
                           return refuse(*asked.route);
                         });
  return [checked = std::move(checked), one = std::make_shared<std::mutex>()](const host::Request& request) {
    if (!Asked(request).puts_tag()) return checked(request);
    const std::scoped_lock lock(*one);
    return checked(request);
  };
}

host::Role immutable_tags(host::Role role, const Stage& stage) {
  return keeping_tags(std::move(role), stage, [](const Route& route) {
    return refusal(400, "TAG_INVALID",
                   "The image tag '" + route.last + "' already exists in the '" + route.repository +
                       "' repository and cannot be overwritten because the tag is immutable.");
  });
}

host::Role immutable_tags_412(host::Role role, const Stage& stage) {
  return keeping_tags(std::move(role), stage, [](const Route& route) {
    return refusal(412, "PRECONDITION",
                   "Failed to process request due to '" + route.repository + ":" + route.last +
                       "' configured as immutable.");
  });
}

host::Role immutable_tags_409(host::Role role, const Stage& stage) {
  return keeping_tags(std::move(role), stage,
                      [](const Route&) { return refusal(409, "TAG_IMMUTABLE", "tag is immutable"); });
}

host::Role immutable_tags_403(host::Role role, const Stage& stage) {
  return keeping_tags(std::move(role), stage, [](const Route& route) {
    return refusal(403, "DENIED",
                   "cannot update tag " + route.last + ". The repository has enabled tag immutability");
  });
}

host::Role locked_tags(host::Role role, const Stage& stage) {
  return keeping_tags(std::move(role), stage, [](const Route&) {
    return refusal(405, "REGISTRY_DISALLOWED_OPERATION",
                   "The operation is disallowed on this registry, repository or image.");
  });
}

// The first write of each tag is answered 500, before or after it took effect.
host::Role failing_once(host::Role role, bool after) {
  struct Seen {
    std::mutex mutex;
    std::set<std::string> targets;
  };
  return [role = std::move(role), after, seen = std::make_shared<Seen>()](const host::Request& request) {
    if (!Asked(request).puts_tag()) return role(request);
    std::unique_lock lock(seen->mutex);
    const bool first = seen->targets.emplace(request.target).second;
    lock.unlock();
    if (!first) return role(request);
    if (after) (void)role(request);
    return refusal(500, "UNKNOWN", "unknown error");
  };
}

host::Role tag_write_500_before(host::Role role, const Stage&) {
  return failing_once(std::move(role), false);
}

host::Role tag_write_500_after(host::Role role, const Stage&) {
  return failing_once(std::move(role), true);
}

}  // namespace

std::vector<Quirk> tags_quirks() {
  return {
      {"immutable-tags", "a tag that exists cannot be moved: 400 TAG_INVALID", "Amazon ECR", immutable_tags},
      {"immutable-tags-403", "the same as 403 DENIED", "Google Artifact Registry", immutable_tags_403},
      {"immutable-tags-409", "the same as 409 TAG_IMMUTABLE", "angos and others", immutable_tags_409},
      {"immutable-tags-412", "the same as 412 PRECONDITION", "Harbor", immutable_tags_412},
      {"locked-tags", "the same as 405, without a word about tags", "Azure Container Registry", locked_tags},
      {"tag-write-500-before", "the first write of each tag is 500, and does nothing",
       "any under load or during a failover", tag_write_500_before},
      {"tag-write-500-after", "the first write of each tag is 500, and took effect",
       "any under load or during a failover", tag_write_500_after},
  };
}

}  // namespace server::registry::play

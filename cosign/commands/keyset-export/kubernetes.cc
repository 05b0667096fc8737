#include <algorithm>

#include "cosign/commands/keyset-export/exports.h"

namespace cosign::keyset_export {
namespace {

using sigstore::keyset::Key;

// A block of PEM below `|`, each line at this depth.
std::string block(const std::string& pem, std::size_t depth) {
  std::string text;
  std::size_t begin = 0;
  while (begin < pem.size()) {
    const std::size_t end = std::min(pem.find('\n', begin), pem.size());
    text += std::string(depth, ' ') + pem.substr(begin, end - begin) + "\n";
    begin = end + 1;
  }
  return text;
}

// What Kyverno compares with the whole reference, tag and digest included: "*"
// is any run there, slashes too. Empty where a glob means less than that.
std::vector<std::string> kyverno_patterns(const std::string& glob) {
  if (glob == "**") return {"*"};
  const bool below = glob.ends_with("/**");
  std::string body = below ? glob.substr(0, glob.size() - 2) : glob;
  if (body.contains('*')) return {};
  if (body.starts_with("index.docker.io/")) body = body.substr(std::string_view("index.").size());
  if (below) return {body + "*"};
  return {body + ":*", body + "@*"};
}

std::string list(const std::vector<std::string>& patterns, std::size_t depth) {
  std::string text;
  for (const std::string& pattern : patterns) text += std::string(depth, ' ') + "- \"" + pattern + "\"\n";
  return text;
}

std::string kyverno_entry(const Key& key) {
  return "                - keys:  # " + title(key) + "\n                    publicKeys: |-\n" +
         block(key.key.pem(), 22) +
         "                    signatureAlgorithm: sha256\n"
         "                    rekor:\n"
         "                      ignoreTlog: true\n"
         "                    ctlog:\n"
         "                      ignoreSCT: true\n";
}

std::string kyverno_rule(const Rule& rule, std::size_t number, const std::vector<std::string>& patterns) {
  std::string text = "    - name: verify-" + std::to_string(number) + "  # " + rule.glob +
                     "\n"
                     "      match:\n"
                     "        any:\n"
                     "          - resources:\n"
                     "              kinds:\n"
                     "                - Pod\n"
                     "      verifyImages:\n"
                     "        - imageReferences:\n" +
                     list(patterns, 12);
  std::vector<std::string> skipped;
  for (const std::string& below : rule.below)
    std::ranges::copy(kyverno_patterns(below), std::back_inserter(skipped));
  if (!skipped.empty())
    text += "          skipImageReferences:  # these have a rule of their own\n" + list(skipped, 12);
  text +=
      "          attestors:\n"
      "            - count: 1  # any one of them\n"
      "              entries:\n";
  for (const Key* key : rule.keys) text += kyverno_entry(*key);
  return text;
}

// Compared with "REPOSITORY@sha256:…", where "*" ends at a slash.
std::string cluster_glob(const std::string& glob) {
  return glob.ends_with("*") ? glob : glob + "@*";
}

std::string authority(const Key& key, std::size_t number) {
  return "    - name: key-" + std::to_string(number) + "  # " + title(key) +
         "\n"
         "      key:\n"
         "        hashAlgorithm: sha256\n"
         "        data: |\n" +
         block(key.key.pem(), 10);
}

std::string cluster_image_policy(const Rule& rule, const std::string& name) {
  std::string text =
      "apiVersion: policy.sigstore.dev/v1beta1\n"
      "kind: ClusterImagePolicy\n"
      "metadata:\n"
      "  name: " +
      name +
      "\n"
      "spec:\n"
      "  mode: enforce\n"
      "  images:\n"
      "    - glob: \"" +
      cluster_glob(rule.glob) + "\"\n";
  for (const std::string& below : rule.below)
    text +=
        "      # images of " + below + " must pass this policy, too: a key for those alone is not enough\n";
  text += "  authorities:  # any one of them\n";
  std::size_t number = 0;
  for (const Key* key : rule.keys) text += authority(*key, ++number);
  return text;
}

}  // namespace

Export as_kyverno(const Selection& selection, const std::string& name) {
  Export out;
  std::string rules;
  std::size_t number = 0;
  for (const Rule& rule : selection.rules) {
    const auto patterns = kyverno_patterns(rule.glob);
    if (patterns.empty()) {
      rules += "    # " + rule.glob + " cannot be said: a star of Kyverno's does not end at a slash\n";
      out.notes.push_back(rule.glob +
                          " is left out: a star of Kyverno's does not end at a "
                          "slash; its images "
                          "are verified only where another rule names them");
      continue;
    }
    rules += kyverno_rule(rule, ++number, patterns);
  }
  out.text =
      "apiVersion: kyverno.io/v1\n"
      "kind: ClusterPolicy\n"
      "metadata:\n"
      "  name: " +
      name +
      "\n"
      "spec:\n"
      "  validationFailureAction: Enforce\n"
      "  webhookTimeoutSeconds: 30\n"
      "  rules:" +
      (rules.empty() ? std::string(" []\n") : "\n" + rules);
  out.notes.emplace_back("images that no rule names are not verified by Kyverno");
  return out;
}

Export as_cluster_image_policies(const Selection& selection, const std::string& name) {
  Export out;
  for (std::size_t i = 0; i < selection.rules.size(); ++i) {
    const Rule& rule = selection.rules[i];
    out.text += (i == 0 ? "" : "---\n") + cluster_image_policy(rule, name + "-" + std::to_string(i + 1));
    for (const std::string& below : rule.below)
      out.notes.push_back("images of " + below + " must also pass the policy for " + rule.glob +
                          ": all policies that match count");
  }
  if (selection.rules.empty()) out.text = "# no key of this set verifies now\n";
  out.notes.emplace_back(
      "policy-controller reads .sig and .att tags with "
      "keys, and no bundles; what happens to images that no "
      "policy matches is its no-match-policy");
  return out;
}

}  // namespace cosign::keyset_export

// sigstore_tuf FOLDER < SCRIPT: publishes a TUF repository as the script says, for programs that are asked to
// read it. Test-only. A line each:
//
//   create [inconsistent]             the first root: one P-256 key for each role; root has 3 keys, of which
//   2 sign lifetime ROLE SECONDS             of the next create or rotate; a year otherwise target ROLE PATH
//   TEXT             TEXT is the rest of the line target-file ROLE PATH FILE remove ROLE PATH delegate BY
//   NAME KEY GLOB...      KEY: the words that the key is made of terminate BY NAME KEY GLOB...     the same,
//   terminating bins BY PREFIX BITS KEY rotate ROLE...                    new keys of these, and the next
//   root at SECONDS                        the time of what follows, of the epoch; the clock's otherwise
//   publish
//   save NAME                         all files to FOLDER/NAME, and the first root to FOLDER/NAME.root.json
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include "sigstore/authority/testing/keys.h"
#include "sigstore/authority/tufrepo/publisher.h"

namespace {

using namespace sigstore;
using namespace std::chrono_literals;
using authority::TufPublisher;

std::shared_ptr<crypto::Signer> key(const std::string& name) {
  return std::make_shared<crypto::PrivateKey>(
      authority::testing::key_named(crypto::KeyType::ecdsa_p256, name));
}

class Script {
 public:
  explicit Script(std::filesystem::path folder) : folder_(std::move(folder)) {}

  Result<void> run(const std::string& line) {
    std::istringstream words(line);
    std::string verb;
    words >> verb;
    if (verb.empty() || verb.starts_with('#')) return {};
    if (verb == "create") return create(words);
    if (verb == "lifetime") return lifetime(words);
    if (verb == "at") return at(words);
    if (!publisher_) return fail(Code::invalid_argument, "nothing was created");
    if (verb == "target" || verb == "target-file") return target(words, verb == "target-file");
    if (verb == "remove") return remove(words);
    if (verb == "delegate" || verb == "terminate") return delegate(words, verb == "terminate");
    if (verb == "bins") return bins(words);
    if (verb == "rotate") return rotate(words);
    if (verb == "publish") return publisher_->publish(now_, now_);
    if (verb == "save") return save(words);
    return fail(Code::invalid_argument, "no such verb: " + verb);
  }

 private:
  // A role's keys have a generation, which rotate counts up.
  authority::TufRole role(const std::string& name, std::size_t count, std::uint64_t threshold) {
    authority::TufRole role{.threshold = threshold,
                            .lifetime = lifetimes_.contains(name) ? lifetimes_[name] : 8760h};
    for (std::size_t i = 0; i < count; ++i)
      role.signers.push_back(key(name + " " + std::to_string(generations_[name]) + " " + std::to_string(i)));
    return role;
  }
  TufPublisher::Options options() {
    return {role("root", 3, 2), role("timestamp", 1, 1), role("snapshot", 1, 1), role("targets", 1, 1),
            consistent_};
  }

  Result<void> create(std::istringstream& words) {
    std::string how;
    consistent_ = !(words >> how) || how != "inconsistent";
    TRY(auto made, TufPublisher::create(options(), now_));
    publisher_ = std::make_unique<TufPublisher>(std::move(made));
    first_root_ = publisher_->root();
    return {};
  }
  Result<void> lifetime(std::istringstream& words) {
    std::string name;
    long long seconds = 0;
    words >> name >> seconds;
    lifetimes_[name] = std::chrono::seconds(seconds);
    return {};
  }
  Result<void> at(std::istringstream& words) {
    long long seconds = 0;
    words >> seconds;
    now_ = Time(std::chrono::seconds(seconds));
    return {};
  }
  Result<void> target(std::istringstream& words, bool from_file) {
    std::string role, path, text;
    words >> role >> path >> std::ws;
    std::getline(words, text);
    if (from_file) {
      std::ifstream file(text, std::ios::binary);
      if (!file) return fail(Code::not_found, "no file " + text);
      text.assign(std::istreambuf_iterator<char>(file), {});
    }
    return publisher_->set_target(path, std::move(text), role);
  }
  Result<void> remove(std::istringstream& words) {
    std::string role, path;
    words >> role >> path;
    return publisher_->remove_target(path, role);
  }
  Result<void> delegate(std::istringstream& words, bool terminating) {
    std::string by, made_of;
    authority::TufDelegation delegation{.terminating = terminating};
    words >> by >> delegation.name >> made_of;
    delegation.role = {{key(made_of)}, 1, 8760h, {}};
    delegation.paths.emplace(std::istream_iterator<std::string>(words), std::istream_iterator<std::string>());
    return publisher_->delegate(by, std::move(delegation));
  }
  Result<void> bins(std::istringstream& words) {
    std::string by, prefix, made_of;
    std::uint32_t bits = 0;
    words >> by >> prefix >> bits >> made_of;
    return publisher_->delegate_bins(by, prefix, bits, {{key(made_of)}, 1, 8760h, {}});
  }
  Result<void> rotate(std::istringstream& words) {
    for (std::string name; words >> name;) ++generations_[name];
    return publisher_->rotate(options(), now_);
  }
  Result<void> save(std::istringstream& words) {
    std::string name;
    words >> name;
    for (const auto& [path, content] : publisher_->files()) TRY_OK(write(folder_ / name / path, content));
    return write(folder_ / (name + ".root.json"), first_root_);
  }
  static Result<void> write(const std::filesystem::path& path, const std::string& content) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream file(path, std::ios::binary);
    file << content;
    if (!file.flush()) return fail(Code::io, "cannot write " + path.string());
    return {};
  }

  std::filesystem::path folder_;
  std::map<std::string, int> generations_;
  std::map<std::string, Duration> lifetimes_;
  bool consistent_ = true;
  Time now_ = std::chrono::system_clock::now();
  std::string first_root_;
  std::unique_ptr<TufPublisher> publisher_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    (void)std::fprintf(stderr, "usage: sigstore_tuf FOLDER < SCRIPT\n");
    return 2;
  }
  Script script(argv[1]);
  for (std::string line; std::getline(std::cin, line);) {
    if (const auto done = script.run(line); !done) {
      (void)std::fprintf(stderr, "%s: %s\n", line.c_str(), done.error().text().c_str());
      return 1;
    }
  }
  return 0;
}

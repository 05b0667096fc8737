// A repository that does what the input says, in the hands of somebody who has its keys and of somebody who
// has not; a client that comes again and again. Whatever it trusts was signed, nothing goes back, nothing has
// expired.
#include "sigstore/codec/der.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/tuf/testing/fuzz_metadata.h"
#include "sigstore/tuf/testing/play.h"

using namespace sigstore;
using namespace sigstore::tuf;
using testing::require;

namespace {

namespace der = codec::der;

// The n-th key of every run.
std::shared_ptr<crypto::PrivateKey> fixed_key(std::uint32_t number) {
  Bytes seed = crypto::sha256(as_bytes("key " + std::to_string(number)));
  const Bytes octets =
      der::encode(der::octet_string, BytesView(der::encode(der::octet_string, BytesView(seed))));
  const Bytes pkcs8 = der::encode(
      der::sequence, {der::encode_unsigned(std::uint64_t{0}),
                      der::encode(der::sequence, BytesView(der::encode_oid("1.3.101.112"))), octets});
  return std::make_shared<crypto::PrivateKey>(*crypto::PrivateKey::from_pkcs8(Secret{BytesView(pkcs8)}));
}

class Input {
 public:
  explicit Input(BytesView bytes) : rest_(bytes) {}
  [[nodiscard]] bool empty() const { return rest_.empty(); }
  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const std::uint8_t first = rest_[0];
    rest_ = rest_.subspan(1);
    return first;
  }
  std::string text(std::size_t most) {
    const auto piece = rest_.first(std::min(most, rest_.size()));
    rest_ = rest_.subspan(piece.size());
    return to_text(piece);
  }

 private:
  BytesView rest_;
};

class Game {
 public:
  explicit Game(BytesView bytes)
      : input_(bytes), play_(now_ + std::chrono::hours(1), [this] { return fixed_key(++keys_); }) {
    play_.delegate("targets", {"role", {{}, 1}, false, std::vector<std::string>{"dir/*"}, {}});
    play_.add_target("role", "dir/file", "content");
    play_.add_target("targets", "file", "content");
    play_.publish();
    store_.files["root.json"] = play_.file("root.json");
  }

  void run() {
    for (int moves = 0; moves < 24 && !input_.empty(); ++moves) move();
    refresh();
  }

 private:
  std::string& some_file() {
    auto at = play_.repository.files.begin();
    std::advance(at, input_.byte() % play_.repository.files.size());
    return at->second;
  }
  Common& some_role() {
    const auto role = input_.byte() % 5;
    Common* const roles[] = {&play_.root, &play_.timestamp, &play_.snapshot, &play_.targets["targets"],
                             &play_.targets["role"]};
    return *roles[role];
  }

  void move() {
    switch (input_.byte() % 14) {
      case 0:
        return refresh();
      case 1:
        return corrupt(some_file());
      case 2: {
        auto& file = some_file();
        return file.resize(file.size() * input_.byte() / 256);
      }
      case 3: {
        const std::string other = some_file();
        some_file() = other;
        return;
      }
      case 4:
        some_file() = input_.text(input_.byte());
        return;
      case 5:
        some_role().version += input_.byte();
        return;
      case 6:
        some_role().version = input_.byte();
        return;
      case 7:
        some_role().expires = now_ + std::chrono::minutes(input_.byte());
        return;
      case 8: {
        constexpr const char* names[] = {"root", "timestamp", "snapshot", "targets"};
        const auto name = names[input_.byte() % 4];
        const auto count = input_.byte() % 3;
        return play_.rotate(name, static_cast<std::size_t>(count), 1 + input_.byte() % 2);
      }
      case 9:
        return play_.publish(input_.byte() % 2 == 1);
      case 10:
        return play_.release(input_.byte() % 2 == 1 ? "targets" : "role", input_.byte() % 2 == 1);
      case 11:
        ++play_.root.version;
        return play_.publish_root();
      case 12:
        now_ += std::chrono::minutes(input_.byte());
        return;
      default: {  // what is stored, but for where trust starts
        auto at = store_.files.begin();
        std::advance(at, input_.byte() % store_.files.size());
        if (at->first == "root.json") return;
        corrupt(at->second);
        seen_.clear();
        return;
      }
    }
  }

  void corrupt(std::string& file) {
    const std::size_t where = input_.byte() * std::size_t{256} + input_.byte();
    if (!file.empty()) file[where % file.size()] = static_cast<char>(input_.byte());
  }

  void refresh() {
    Updater updater(play_.repository, store_, now_);
    const auto done = updater.refresh();
    if (!done) require(!done.error().message.empty());
    check_root();
    if (!done) return;
    check_trusted(updater);
    for (const char* path : {"file", "dir/file", "dir/none"}) {
      const auto found = updater.find(path);
      if (!found || !*found) continue;
      const auto content = updater.download(path, **found);
      if (content) require(*content == "content");
    }
    Updater later(play_.repository, store_, now_);
    const auto asked = play_.repository.asked.size();
    require(later.load() == true && play_.repository.asked.size() == asked);
  }

  // It only ever goes forward, one signed root after the other.
  void check_root() {
    const auto root = parse_root(store_.files["root.json"], "stored");
    require(root.has_value() && play_.signed_texts.contains(root->signed_bytes));
    require(root->body.version >= root_version_);
    if (root->body.version > root_version_) seen_.clear();  // its keys may have ended what was trusted
    root_version_ = root->body.version;
  }

  void check_trusted(const Updater& updater) {
    require(updater.trusted().size() == 4);
    for (const auto& [role, file] : updater.trusted()) {
      require(now_ < file.expires && file.version >= seen_[role]);
      seen_[role] = file.version;
    }
    const auto timestamp = parse_timestamp(store_.files["timestamp.json"], "stored");
    const auto snapshot = parse_snapshot(store_.files["snapshot.json"], "stored");
    const auto targets = parse_targets(store_.files["targets.json"], "stored");
    require(timestamp && play_.signed_texts.contains(timestamp->signed_bytes));
    require(snapshot && play_.signed_texts.contains(snapshot->signed_bytes));
    require(targets && play_.signed_texts.contains(targets->signed_bytes));
    require(timestamp->body.snapshot.version == snapshot->body.version);
    require(snapshot->body.meta.at("targets.json").version == targets->body.version);
  }

  Input input_;
  std::uint32_t keys_ = 0;
  Time now_ = *codec::rfc3339::parse("2026-11-29T08:00:00Z");
  testing::Play play_;
  testing::MemoryStore store_;
  std::uint64_t root_version_ = 1;
  std::map<std::string, std::uint64_t> seen_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Game({data, size}).run();
  return 0;
}

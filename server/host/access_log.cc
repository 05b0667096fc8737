#include "server/host/access_log.h"

#include <array>
#include <cstdio>

#include "sigstore/codec/json.h"
#include "sigstore/codec/rfc3339.h"

namespace server::host {

using namespace sigstore;

namespace {

class WatchedReader final : public FileReader {
 public:
  WatchedReader(const AccessLog& log, std::unique_ptr<FileReader> source, std::uint64_t length,
                LogEntry entry)
      : log_(log), source_(std::move(source)), length_(length), entry_(std::move(entry)) {}
  ~WatchedReader() override { finish(); }

  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    auto got = source_->read(out);
    if (got) passed_ += *got;
    if (!got || *got == 0 || passed_ >= length_) finish();
    return got;
  }

 private:
  void finish() {
    if (!written_) log_.write(entry_, passed_);
    written_ = true;
  }

  const AccessLog& log_;
  std::unique_ptr<FileReader> source_;
  std::uint64_t length_, passed_ = 0;
  LogEntry entry_;
  bool written_ = false;
};

}  // namespace

void AccessLog::write(const LogEntry& entry, std::uint64_t bytes) const {
  std::array<char, 32> seconds;
  auto duration = std::chrono::duration<double>(clock_.steady() - entry.started).count();
  std::snprintf(seconds.data(), seconds.size(), "%.6f", duration);
  codec::json::Object line;
  line.set("time", codec::rfc3339::seconds(entry.time));
  line.set("method", entry.method);
  line.set("path", entry.path);
  line.set("status", entry.status);
  line.set("bytes", bytes);
  line.set("duration", codec::json::Number{seconds.data()});
  line.set("user", entry.user);
  line.set("peer", entry.peer);
  sink_(codec::json::write(std::move(line)) + "\n");
}

std::unique_ptr<FileReader> AccessLog::watch(std::unique_ptr<FileReader> source, std::uint64_t length,
                                             LogEntry entry) const {
  return std::make_unique<WatchedReader>(*this, std::move(source), length, std::move(entry));
}

}  // namespace server::host

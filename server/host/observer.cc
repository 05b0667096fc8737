#include "server/host/observer.h"

namespace server::host {

using namespace sigstore;

namespace {

class WatchedReader final : public FileReader {
 public:
  WatchedReader(std::unique_ptr<FileReader> source, std::uint64_t length, const Observers& observers,
                Served served)
      : source_(std::move(source)), length_(length), observers_(observers), served_(std::move(served)) {}
  ~WatchedReader() override { finish(); }

  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    auto got = source_->read(out);
    if (got) passed_ += *got;
    if (!got || *got == 0 || passed_ >= length_) finish();
    return got;
  }

 private:
  void finish() {
    if (!noted_) note(observers_, served_, passed_);
    noted_ = true;
  }

  std::unique_ptr<FileReader> source_;
  std::uint64_t length_, passed_ = 0;
  const Observers& observers_;
  Served served_;
  bool noted_ = false;
};

}  // namespace

void note(const Observers& observers, const Served& served, std::uint64_t sent) {
  for (Observer* observer : observers) observer->note(served, sent);
}

std::unique_ptr<FileReader> watched(std::unique_ptr<FileReader> source, std::uint64_t length,
                                    const Observers& observers, Served served) {
  return std::make_unique<WatchedReader>(std::move(source), length, observers, std::move(served));
}

}  // namespace server::host

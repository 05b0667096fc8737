#include "server/registry/journal.h"

#include <array>

#include "sigstore/base/limits.h"
#include "sigstore/codec/hex.h"

namespace server::registry {

using sigstore::Code;
using sigstore::fail;
using sigstore::Files;
using sigstore::Result;
namespace limits = sigstore::limits;

Result<JournalReader> JournalReader::open(Files& files, const std::string& path, std::uint64_t from) {
  TRY(auto file, files.open(path));
  TRY_OK(file->skip(from));
  return JournalReader(std::move(file), from);
}

// False at the end of the file.
Result<bool> JournalReader::fill() {
  const std::size_t before = buffer_.size();
  buffer_.resize(before + limits::copy_bytes);
  auto got =
      file_->read(std::span(reinterpret_cast<std::uint8_t*>(buffer_.data()) + before, limits::copy_bytes));
  buffer_.resize(before + (got ? *got : 0));
  TRY(const std::size_t count, std::move(got));
  return count > 0;
}

// `size` bytes of the buffer; the line break, when it is complete, is one more.
JournalPiece JournalReader::take(std::size_t size, bool complete) {
  JournalPiece piece{.begin = at_,
                     .end = at_ + size + (complete ? 1 : 0),
                     .line = fail(Code::malformed, "a line of the journal is not complete")};
  if (complete) piece.line = parse_line(std::string_view(buffer_).substr(0, size));
  if (piece.line && piece.line->group > at_) piece.line = fail(Code::malformed, "a line from elsewhere");
  buffer_.erase(0, piece.end - at_);
  at_ = piece.end;
  return piece;
}

Result<std::optional<JournalPiece>> JournalReader::next() {
  std::size_t looked = 0;
  for (;;) {
    if (const std::size_t found = buffer_.find('\n', looked); found != std::string::npos)
      return take(found, true);
    looked = buffer_.size();
    // Nobody writes such a line: its pieces are bad, one by one.
    if (looked > limits::json_bytes) return take(looked, false);
    TRY(const bool more, fill());
    if (more) continue;
    if (buffer_.empty()) return std::nullopt;
    return take(buffer_.size(), false);
  }
}

Result<std::string> journal_id(Files& files, const std::string& path) {
  TRY(JournalReader reader, JournalReader::open(files, path));
  TRY(const auto first, reader.next());
  const auto* header = first && first->line ? std::get_if<JournalHeader>(&first->line->content) : nullptr;
  if (header == nullptr) return fail(Code::malformed, "the journal does not begin as one", path);
  return header->id;
}

namespace {

// Whether a line behind `reader` says that there was something good at `bad`.
Result<bool> was_acknowledged(JournalReader& reader, std::uint64_t bad) {
  for (;;) {
    TRY(const auto piece, reader.next());
    if (!piece) return false;
    if (piece->line && piece->line->group > bad) return true;
  }
}

}  // namespace

Result<std::uint64_t> replay(Files& files, const std::string& path, std::uint64_t from,
                             const VisitChange& visit) {
  TRY(JournalReader reader, JournalReader::open(files, path, from));
  for (std::uint64_t end = from;;) {
    TRY(const auto piece, reader.next());
    if (!piece) return end;
    if (!piece->line) {
      TRY(const bool lost, was_acknowledged(reader, piece->begin));
      if (!lost) return end;
      return fail(Code::malformed, "the journal is damaged",
                  path + ", byte " + std::to_string(piece->begin) + ": " + piece->line.error().text());
    }
    end = piece->end;
    if (const auto* change = std::get_if<Change>(&piece->line->content)) TRY_OK(visit(*change, end));
  }
}

std::string new_journal_id(sigstore::Random& random) {
  std::array<std::uint8_t, 16> bytes;
  random.fill(bytes);
  return sigstore::codec::hex::encode(bytes);
}

Result<std::string> Journal::create(Files& files, sigstore::Random& random, const std::string& path) {
  std::string id = new_journal_id(random);
  TRY(const std::string line, write_line({0, JournalHeader{id}}));
  TRY_OK(files.write_atomic(path, line, 0644));
  return id;
}

Result<void> Journal::sync(Files& files, const std::string& path) {
  TRY(const auto file, files.append(path, 0644));
  return file->sync();
}

Result<Journal> Journal::open(Files& files, const std::string& path, std::uint64_t end) {
  TRY(auto file, files.append(path, 0644));
  if (file->size() > end) {
    TRY_OK(file->cut(end));
    TRY_OK(file->sync());
  }
  return Journal(std::move(file));
}

Result<void> Journal::append(std::span<const Change> changes) {
  before_ = file_->size();
  std::string text;
  for (const Change& change : changes) {
    TRY(const std::string line, write_line({before_, change}));
    text += line;
  }
  TRY_OK(file_->append(sigstore::as_bytes(text)));
  if (auto synced = file_->sync(); !synced) {
    TRY_OK(take_back());
    return std::unexpected(std::move(synced).error());
  }
  return {};
}

Result<void> Journal::take_back() {
  return file_->cut(before_);
}

}  // namespace server::registry

#include "sigstore/codec/tar_reader.h"

#include <algorithm>

namespace sigstore::codec::tar {
namespace {

Result<void> expect_no_compression(BytesView start, const std::string& hint) {
  constexpr std::pair<std::string_view, std::string_view> kinds[] = {
      {"\x1f\x8b", "gzip"}, {"\x28\xb5\x2f\xfd", "zstd"}, {"BZh", "bzip2"}, {"\xfd\x37zXZ", "xz"}};
  for (const auto& [magic, name] : kinds)
    if (as_text(start).starts_with(magic))
      return fail(Code::unsupported, "the archive is compressed",
                  "it begins as " + std::string(name) + " does", hint);
  return {};
}

}  // namespace

Result<void> Reader::fill(std::span<std::uint8_t> out) {
  if (options_.cancel != nullptr && options_.cancel->is_set()) return fail(Code::cancelled, "interrupted");
  while (!out.empty()) {
    TRY(const std::size_t got, from_.read(out));
    if (got == 0) return cut_short();
    at_ += got;
    out = out.subspan(got);
  }
  return {};
}

std::unexpected<Error> Reader::cut_short() const {
  if (at_ >= block) return fail(Code::malformed, "the archive is truncated", options_.name);
  return fail(Code::malformed, options_.name + " is not an archive",
              "it ends within the first block of a tar file", options_.wrong_hint);
}

Result<void> Reader::pass_over(std::uint64_t bytes) {
  std::array<std::uint8_t, 16 * block> piece;
  for (; bytes > 0; bytes -= std::min<std::uint64_t>(bytes, piece.size()))
    TRY_OK(fill(std::span(piece).first(std::min<std::uint64_t>(bytes, piece.size()))));
  return {};
}

Result<void> Reader::read(std::span<std::uint8_t> out) {
  if (out.size() > left_) return fail(Code::internal, "more is read of an archive's entry than it holds");
  left_ -= out.size();
  return fill(out);
}

// Those of some programs hold times to the nanosecond, owners and comments: a few hundred bytes.
Result<void> Reader::extended(const Header& header) {
  constexpr std::size_t most = 64 * limits::kib;
  if (header.size > most || ++extended_ > 2 * limits::archive_entries)
    return fail(Code::too_large, "the pax headers of the archive are too large", options_.name);
  std::string records(header.size, '\0');
  TRY_OK(fill({reinterpret_cast<std::uint8_t*>(records.data()), records.size()}));
  TRY(auto path, parse_extended(records, header.global ? Paths::refused : options_.paths));
  if (path && std::exchange(long_path_, std::move(path)))
    return fail(Code::malformed, "the archive names a file twice", options_.name);
  return pass_over(padding(header.size));
}

Result<std::optional<Header>> Reader::next() {
  TRY_OK(pass_over(std::exchange(left_, 0) + std::exchange(padding_, 0)));
  while (true) {
    Block bytes;
    TRY_OK(fill(bytes));
    if (at_ == block) TRY_OK(expect_no_compression(bytes, options_.compressed_hint));
    if (is_end(bytes) && long_path_)
      return fail(Code::malformed, "the archive names a file that it does not hold", options_.name);
    if (is_end(bytes)) return std::nullopt;
    TRY(auto header, parse(bytes));
    if (header.path.size() > limits::archive_path_bytes)
      return fail(Code::malformed, "the archive holds a name that is too long");
    if (header.extended) {
      TRY_OK(extended(header));
      continue;
    }
    if (long_path_ && header.folder)
      return fail(Code::unsupported, "a pax header in the archive names a folder", options_.name);
    if (long_path_) header.path = *std::exchange(long_path_, std::nullopt);
    if (++files_ > options_.max_files)
      return fail(Code::too_large, "the archive holds too many files", options_.name);
    left_ = header.size;
    padding_ = padding(header.size);
    return header;
  }
}

}  // namespace sigstore::codec::tar

#include "sigstore/codec/tar.h"

#include <algorithm>
#include <cstring>

namespace sigstore::codec::tar {
namespace {

struct Field {
  std::size_t at, size;
};
constexpr Field name{0, 100}, mode{100, 8}, uid{108, 8}, gid{116, 8}, size{124, 12}, mtime{136, 12},
    checksum{148, 8}, type{156, 1}, magic{257, 8}, prefix{345, 155};

std::string text(const Block& bytes, Field field) {
  const auto* first = reinterpret_cast<const char*>(bytes.data()) + field.at;
  return {first, std::find(first, first + field.size, '\0')};
}

// Octal digits with blanks around them; or, GNU's way for large ones, binary with the first bit set.
std::optional<std::uint64_t> number(const Block& bytes, Field field) {
  std::uint64_t value = 0;
  if ((bytes[field.at] & 0x80) != 0) {
    for (std::size_t i = 1; i < field.size; ++i) {
      if (value >> 55 != 0) return std::nullopt;
      value = value << 8 | bytes[field.at + i];
    }
    return (bytes[field.at] & 0x7f) == 0 ? std::optional(value) : std::nullopt;
  }
  std::string digits = text(bytes, field);
  while (!digits.empty() && digits.back() == ' ') digits.pop_back();
  digits.erase(0, std::min(digits.find_first_not_of(' '), digits.size()));
  for (const char c : digits) {
    if (c < '0' || c > '7') return std::nullopt;
    value = value << 3 | static_cast<std::uint64_t>(c - '0');
  }
  return digits.empty() ? std::nullopt : std::optional(value);
}

std::uint64_t sum_of(const Block& bytes) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < block; ++i)
    sum += i >= checksum.at && i < checksum.at + checksum.size ? ' ' : bytes[i];
  return sum;
}

void put(Block& bytes, Field field, std::string_view value) {
  std::copy_n(value.begin(), std::min(value.size(), field.size),
              bytes.begin() + static_cast<std::ptrdiff_t>(field.at));
}

void put_number(Block& bytes, Field field, std::uint64_t value) {
  if (value >> (3 * (field.size - 1)) != 0) {
    bytes[field.at] = 0x80;
    for (std::size_t i = field.size - 1; i > 0; --i, value >>= 8)
      bytes[field.at + i] = static_cast<std::uint8_t>(value);
    return;
  }
  for (std::size_t i = field.size - 1; i-- > 0; value >>= 3)
    bytes[field.at + i] = static_cast<std::uint8_t>('0' + (value & 7));
}

// The '/' that a path is split at, so that its end fits where names stand; 0 where it need not be.
std::optional<std::size_t> split_at(std::string_view path) {
  if (path.size() <= name.size) return 0;
  const auto slash = path.find('/', path.size() - name.size - 1);
  const bool fits =
      slash != std::string_view::npos && slash > 0 && slash <= prefix.size && slash + 1 < path.size();
  return fits ? std::optional(slash) : std::nullopt;
}

struct Record {
  std::string_view key, value;
};

// One record: "LENGTH KEY=VALUE\n", where LENGTH counts all of it; nullopt when it is none.
std::optional<Record> next_record(std::string_view& records) {
  constexpr std::size_t most_digits = 8;
  std::size_t length = 0, at = 0;
  for (; at < records.size() && at < most_digits && records[at] >= '0' && records[at] <= '9'; ++at)
    length = length * 10 + static_cast<std::size_t>(records[at] - '0');
  if (at == 0 || length <= at + 2 || length > records.size() || records[at] != ' ') return std::nullopt;
  const std::string_view record = records.substr(at + 1, length - at - 1);
  const auto equals = record.find('=');
  if (equals == std::string_view::npos || equals == 0 || record.back() != '\n') return std::nullopt;
  records.remove_prefix(length);
  return Record{record.substr(0, equals), record.substr(equals + 1, record.size() - equals - 2)};
}

std::string path_record(const std::string& path) {
  const std::string rest = " path=" + path + "\n";
  std::size_t length = rest.size();
  while (length != rest.size() + std::to_string(length).size())
    length = rest.size() + std::to_string(length).size();
  return std::to_string(length) + rest;
}

std::string plain_path(std::string path) {
  if (path.starts_with("./")) path.erase(0, 2);
  if (path.ends_with('/')) path.pop_back();
  return path;
}

Block block_of(std::string_view before, std::string_view path, std::uint64_t bytes_of_it, char kind) {
  Block bytes{};
  put(bytes, name, path);
  put(bytes, prefix, before);
  put_number(bytes, mode, 0644);
  put_number(bytes, uid, 0);
  put_number(bytes, gid, 0);
  put_number(bytes, size, bytes_of_it);
  put_number(bytes, mtime, 0);
  put(bytes, type, {&kind, 1});
  put(bytes, magic, std::string_view("ustar\00000", 8));
  put_number(bytes, {checksum.at, 7}, sum_of(bytes));
  bytes[checksum.at + 7] = ' ';
  return bytes;
}

Result<void> take_path(std::optional<std::string>& path, std::string_view value) {
  if (path)
    return fail(Code::malformed, "not a tar file, or a damaged one", "a pax header names a file twice");
  if (value.size() > long_path_bytes)
    return fail(Code::too_large, "the archive holds a name that is too long",
                "more than " + std::to_string(long_path_bytes) + " bytes");
  if (value.empty() || value.find('\0') != std::string_view::npos)
    return fail(Code::malformed, "not a tar file, or a damaged one",
                "a pax header gives no name that can be");
  path = plain_path(std::string(value));
  return {};
}

}  // namespace

bool is_end(const Block& bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t b) { return b == 0; });
}

Result<Header> parse(const Block& bytes) {
  if (number(bytes, checksum) != sum_of(bytes))
    return fail(Code::malformed, "not a tar file, or a damaged one", "the checksum of a header is wrong");
  Header header;
  header.path = text(bytes, name);
  if (const std::string before = text(bytes, prefix);
      !before.empty() && text(bytes, magic).starts_with("ustar"))
    header.path = before + "/" + header.path;
  header.path = plain_path(std::move(header.path));
  const char kind = static_cast<char>(bytes[type.at]);
  header.folder = kind == '5';
  header.extended = kind == 'x' || kind == 'g';
  header.global = kind == 'g';
  if (!header.folder && !header.extended && kind != '0' && kind != '\0')
    return fail(Code::unsupported, "the archive holds something that is no file", header.path);
  const auto bytes_of_it = number(bytes, size);
  if (!bytes_of_it || *bytes_of_it >> 62 != 0)
    return fail(Code::malformed, "the archive says no size that can be", header.path);
  header.size = header.folder ? 0 : *bytes_of_it;
  return header;
}

Result<std::optional<std::string>> parse_extended(std::string_view records, Paths paths) {
  constexpr std::array<std::string_view, 4> telling = {"path", "size", "linkpath", "hdrcharset"};
  std::optional<std::string> path;
  while (!records.empty()) {
    const auto record = next_record(records);
    if (!record) return fail(Code::malformed, "not a tar file, or a damaged one", "a pax header is damaged");
    const auto& [key, value] = *record;
    if (key == "path" && paths == Paths::taken) {
      TRY_OK(take_path(path, value));
      continue;
    }
    if (std::ranges::find(telling, key) != telling.end() || key.starts_with("GNU.sparse."))
      return fail(Code::unsupported, "a pax header in the archive names a file anew, or its size",
                  std::string(key), "tar --format=gnu packs it without");
  }
  return path;
}

Result<Block> write(const Header& header) {
  const auto split = split_at(header.path);
  if (!split) return fail(Code::unsupported, "a name is too long for an archive", header.path);
  const std::string_view path = header.path;
  return block_of(path.substr(0, *split), path.substr(*split == 0 ? 0 : *split + 1), header.size, '0');
}

Result<std::string> write_long(const Header& header) {
  const auto text = [](const Block& bytes) { return std::string(as_text(bytes)); };
  if (const auto plain = write(header)) return text(*plain);
  if (header.path.size() > long_path_bytes)
    return fail(Code::unsupported, "a name is too long for an archive", header.path);
  const std::string record = path_record(header.path);
  return text(block_of("", "PaxHeader", record.size(), 'x')) + record +
         std::string(padding(record.size()), '\0') +
         text(block_of("", std::string_view(header.path).substr(0, name.size), header.size, '0'));
}

}  // namespace sigstore::codec::tar

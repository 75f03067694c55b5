// The places that an attach point of uprobe or uretprobe stands for, in one file after the other.
#pragma once

#include <string>

#include "ast/sema/expand.h"

namespace gimlet::ast::sema {

// The attach point, taken apart.
struct UserPoint {
  std::string file;  // empty with -p: the process's own program
  SourceRange file_range;
  bool has_file = true;  // the file is written
  bool is_cpp = false;   // the place is a C++ name
  const AttachPoint::Part* place = nullptr;
  std::string source;  // not empty: the place is a line of this source file
  uint64_t line = 0;
  uint64_t column = 0;
};

struct UserPlaces {
  ExpandContext& context;
  Expansion& expansion;
  const AttachPoint::Part& part;  // the place as it is written
  bool several_files = false;     // files in which the place is missing are left out

  void add_function(const std::string& path);
  void add_address(const std::string& path, uint64_t address);
  // A place in a file that is no ELF file: nobody can tell what is there.
  void add_unchecked(const std::string& path, uint64_t offset);
  void add_pattern(const std::string& path);
  void add_cpp(const std::string& path);
  void add_source_line(const std::string& path, const UserPoint& point);

 private:
  void add(const std::string& path, const std::string& shown, const std::string& symbol,
           uint64_t address, uint64_t file_offset);
  // The entry or the return of a function. False if it cannot be probed, which may be reported.
  bool add_whole(const std::string& path, const std::string& shown,
                 const kernel::FunctionSymbol& symbol, bool report);
  // Changes the match that was added last if Go's compiler made the function.
  bool place_in_go(const std::string& path, const kernel::FunctionSymbol& symbol, bool report);
  std::string name(const std::string& path, const std::string& shown) const;
  base::Diagnostic& cannot_attach(const std::string& path, const std::string& shown,
                                  std::string reason);
  // Reports what cannot be probed; with --unsafe there is a warning, and all is well.
  bool refuse(const std::string& path, const std::string& shown, std::string reason,
              const std::string& warning);
  bool check_instruction(const std::string& path, const kernel::FunctionSymbol& symbol,
                         uint64_t address, const std::string& shown);
  kernel::FunctionSymbol implementation_of(const std::string& path,
                                           const kernel::FunctionSymbol& symbol);
  void describe_arguments(const std::string& path, const kernel::FunctionSymbol& symbol);
};

}  // namespace gimlet::ast::sema

# Completion of gimlet's options for bash. Made by scripts/gen-pages from the table of options.

_gimlet_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

# Several words with commas between them; the last one is being typed.
_gimlet_list() {
  local before=""
  [[ $cur != *,* ]] || before=${cur%,*},
  mapfile -t COMPREPLY < <(compgen -P "$before" -W "$1" -- "${cur##*,}")
}

_gimlet_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen "$@" -- "$cur")
}

_gimlet() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev="" word
  ((COMP_CWORD == 0)) || prev=${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  # bash takes --option=value for three words.
  if [[ $cur == = ]]; then
    cur=""
  elif [[ $prev == = ]] && ((COMP_CWORD > 1)); then
    prev=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  # What follows -- belongs to the program.
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word != -- ]] || return 0
  done
  case $prev in
    -e | --probe-filter)
      :
      return 0 ;;
    -p | --pid | --dwarf-pid)
      _gimlet_words "$(cd /proc && echo [0-9]*)"
      return 0 ;;
    -c | --cmd)
      mapfile -t COMPREPLY < <(compgen -c -- "$cur")
      return 0 ;;
    -o | --output | --include | --traceable-functions | --emit-elf | --emit-llvm | --aot)
      _gimlet_files -f
      return 0 ;;
    -f)
      _gimlet_words 'text json'
      return 0 ;;
    -B)
      _gimlet_words 'line full none'
      return 0 ;;
    --explain)
      _gimlet_words 'list'
      return 0 ;;
    -I | --debuginfo)
      _gimlet_files -d
      return 0 ;;
    --no-feature)
      _gimlet_list 'kprobe_multi kprobe_session uprobe_multi'
      return 0 ;;
    --mode)
      _gimlet_words 'codegen compiler-bench bench test format'
      return 0 ;;
    -d | --debug)
      _gimlet_list 'parse ast types codegen codegen-opt dis libbpf verifier all'
      return 0 ;;
  esac
  local options='-e -i --interactive -l --list -p --pid -c
    --cmd -o --output -f -B -q --quiet -v
    --verbose --explain -h --help -V --version --info --unsafe
    -k --warnings --no-warnings -I --include --debuginfo --traceable-functions --dwarf-pid
    --usdt-file-activation --probe-filter --no-feature --test --bench --fmt --mode --dry-run
    --emit-elf --emit-llvm --verify-llvm-ir --aot -d --debug -b --btf'
  if [[ $cur == -* ]]; then
    _gimlet_words "$options"
  else
    # A program, or a folder that has some.
    _gimlet_files -f -X '!*.bt'
    local folders
    mapfile -t folders < <(compgen -d -- "$cur")
    COMPREPLY+=("${folders[@]}")
  fi
}

complete -F _gimlet gimlet

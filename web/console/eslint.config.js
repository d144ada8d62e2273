import hooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

/** Which folders of `src/` a folder may import from, beside itself. Imports run one way; a part shows others only its index. */
const LAYERS = {
  ui: [], map: [], api: [], locales: ['api/session', 'api/client'], acts: ['api', 'ui', 'locales', 'router', 'routes'],
  incident: ['api', 'ui', 'map', 'acts', 'locales', 'router', 'routes'], dispatch: ['api', 'ui', 'map', 'acts', 'locales', 'router', 'routes'],
  command_post: ['api', 'ui', 'map', 'acts', 'locales', 'router', 'routes'], reinforcement: ['api', 'ui', 'map', 'acts', 'locales', 'router', 'routes'],
  report: ['api', 'ui', 'map', 'acts', 'locales', 'router', 'routes'], review: ['api', 'ui', 'map', 'acts', 'locales', 'router', 'routes'],
  duty: ['api', 'ui', 'map', 'acts', 'locales', 'router', 'routes'], ledger: ['api', 'ui', 'map', 'acts', 'locales', 'router', 'routes'],
}
const FOLDERS = [...Object.keys(LAYERS), 'desk', 'router', 'routes']

const layers = Object.entries(LAYERS).map(([folder, allowed]) => ({
  files: [`src/${folder}/**/*.{ts,tsx}`],
  rules: {
    'no-restricted-imports': ['error', {
      patterns: FOLDERS.filter((other) => other !== folder && !allowed.some((one) => one === other || one.startsWith(`${other}/`)))
        .map((other) => ({ group: [`../${other}/*`, `../${other}.ts`, `../${other}.tsx`], message: `${folder}/ doesn't know ${other}/: see LAYERS in eslint.config.js` })),
    }],
  },
}))

export default tseslint.config(
  { ignores: ['dist', 'src/api/schema.d.ts'] },
  ...tseslint.configs.recommendedTypeChecked,
  hooks.configs.flat['recommended-latest'],
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'react-hooks/set-state-in-effect': 'off',
      'react-hooks/refs': 'off',
      'no-console': 'error',
      'no-restricted-syntax': ['error', { selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]', message: 'texts are text' }],
    },
  },
  ...layers,
  { files: ['*.js'], ...tseslint.configs.disableTypeChecked },
)

"""Members that LEAN's classes have and the engine's of the same name have not: reading one is refused.

Written by `python -m utils.engine.imports.missing_members`.
"""

from typing import Final

REFUSED_MEMBERS: Final[dict[str, str]] = {
    "AlgorithmSettings": "databases_refresh_period",
    "AlpacaFeeModel": "MAKER_CRYPTO_FEE TAKER_CRYPTO_FEE",
    "BaseData": "OPTION_RESOLUTIONS deserialize_message",
    "BaseSeries": "add_point clone_values consolidate_chart_points create get_values",
    "BinanceBrokerageModel": "base_api_endpoint get_default_markets market_name",
    "BinanceCoinFuturesFeeModel": "MAKER_TIER_1_FEE TAKER_TIER_1_FEE get_fee",
    "BinanceFeeModel": "MAKER_TIER_1_FEE TAKER_TIER_1_FEE get_fee",
    "BinanceFuturesFeeModel": (
        "MAKER_TIER_1_BUSD_FEE MAKER_TIER_1_FEE MAKER_TIER_1_USDT_FEE TAKER_TIER_1_BUSD_FEE TAKER_TIER_1_FEE "
        "TAKER_TIER_1_USDT_FEE get_fee"
    ),
    "BitfinexFeeModel": "MAKER_FEE TAKER_FEE",
    "BloombergFixOrderProperties": "automatic_position_sides position_side",
    "BrokerageMessageEvent": "disconnected reconnected",
    "BuyingPowerModel": "get_amount_to_order",
    "BybitBrokerageModel": "is_order_size_large_enough market_name",
    "BybitFeeModel": "MAKER_NON_VIP_FEE TAKER_NON_VIP_FEE get_fee",
    "BybitFuturesFeeModel": "MAKER_NON_VIP_FEE TAKER_NON_VIP_FEE get_fee",
    "CalendarInfo": "equals get_hash_code",
    "Candlestick": "update",
    "Cash": "currency_conversion_updated ensure_currency_data_feed security_symbols update updated",
    "CashAmount": "equals get_hash_code",
    "CashBook": (
        "check_for_implicitly_created_symbol clear contains copy copy_to ensure_currency_data_feeds fromkeys "
        "get_enumerator get_items get_keys get_values is_read_only pop popitem remove setdefault "
        "try_get_value update updated"
    ),
    "Cfd": "contract_multiplier decompose_currency_pair",
    "Chart": "aggregate",
    "CircularQueue": "on_circle_completed",
    "CoinbaseBrokerageModel": "get_default_markets is_order_size_large_enough",
    "CoinbaseFeeModel": (
        "MAKER_ADVANCED_1 MAKER_STABLE_PAIRS TAKER_ADVANCED_1 TAKER_STABLE_PARIS get_fee_percentage"
    ),
    "Collective2SignalExport": (
        "allowed_security_types convert_holdings_to_collective_2 convert_percentage_to_quantity "
        "create_message destination dispose http_client name send"
    ),
    "CompositeIndicator": "indicator_composer",
    "Compression": (
        "extract_7_zip_archive get_zip_entry_file_names read_lines un_g_zip un_tar un_tar_files "
        "un_tar_gz_files unzip unzip_data_async unzip_stream unzip_stream_to_stream_reader unzip_to_folder "
        "validate_zip zip zip_bytes_async zip_create_append_data zip_data zip_directory zip_files "
        "zip_streams_async"
    ),
    "ConsolidatorBase": "DEFAULT_WINDOW_SIZE fire_data_consolidated get_enumerator reset_window",
    "ContractSecurityFilterUniverse": (
        "DEFAULT_EXPIRATION_TYPE adjust_expiration_reference_date create_data_instance expiring_after "
        "expiring_before farthest_expiration get_enumerator get_last_trading_date get_open_interest "
        "get_volume in_range is_standard oi open_interest refresh type volume zero_dte"
    ),
    "CorporateFactorProvider": (
        "apply factor_file_minimum_date get_enumerator get_file_format get_scaling_factors "
        "get_splits_and_dividends has_dividend_event_on_next_trading_day has_split_event_on_next_trading_day "
        "most_recent_factor_change permtick reversed_factor_file_dates sorted_factor_file_data write_to_file"
    ),
    "CrunchDAOSignalExport": "allowed_security_types convert_to_csv_format dispose http_client name send",
    "Crypto": "decompose_currency_pair",
    "Currencies": (
        "CURRENCY_SYMBOLS STABLE_PAIRS_COINBASE STABLE_PAIRS_GDAX is_stable_coin_without_pair parse try_parse"
    ),
    "DataDictionary": (
        "check_for_implicitly_created_symbol contains copy_to dictionary get_enumerator get_items get_keys "
        "get_values is_read_only"
    ),
    "DateRules": (
        "get_market_open_close_exchange_hours get_security_exchange_hours get_symbol market_hours_database "
        "securities time_zone"
    ),
    "DefaultBrokerageModel": "DEFAULT_MARKET_MAP is_valid_order_size",
    "DefaultDataProvider": "dispose fetch new_data_request on_new_data_request",
    "DefaultMarginCallModel": "default_order_properties generate_margin_call_orders portfolio",
    "DividendYieldProvider": "cache_refresh_period default_symbol load_corporate_events",
    "DualSymbolIndicator": "reference_data_points reference_symbol target_data_points target_symbol",
    "DynamicData": "get_meta_object",
    "Equity": "DEFAULT_SETTLEMENT_TIME default_settlement_days",
    "ExanteFeeModel": "DEFAULT_RATE MARKET_USA_RATE",
    "Extensions": (
        "add add_or_update adjust_symbol_by_offset batch batch_by clear closes compare "
        "convert_python_universe_filter_function convert_selection_symbol_delegate convert_to_dictionary "
        "convert_to_symbol_enumerable convert_to_universe_selection_string_delegate "
        "convert_to_universe_selection_symbol_delegate create_future_chain create_option_chain create_type "
        "decode_base_36 decode_base_64 default_option_style delisting_market_close_offset_span "
        "deserialize_json deserialize_list discretely_round_by download_byte_array download_data "
        "encode_base_36 encode_base_64 exchange_round_down exchange_round_down_in_time_zone get_and_dispose "
        "get_assembly_name get_base_data_instance get_better_type_name get_bytes "
        "get_custom_data_type_from_symbols get_decimal_epsilon get_decimal_from_csv get_decimal_places "
        "get_delisting_date get_entry get_enum_string get_exercise_direction get_extension get_flags "
        "get_hash get_list_hash_code get_market_order_fees get_md_5_hash get_memory_stream get_method "
        "get_mirror_option_symbol get_or_add_unrequested_security get_python_arg_count "
        "get_python_bool_property get_python_bool_property_with_checks get_python_method "
        "get_python_method_with_checks get_string get_string_between_chars "
        "get_universe_mapping_mode_or_default get_universe_normalization_mode_or_default "
        "get_update_price_scale_frontier get_zero_price_message greatest_common_divisor "
        "implements_stream_reader in_the_money_amount invert is_available_for_future_market "
        "is_common_business_day is_custom_data_type is_directory_empty is_empty is_market_open "
        "is_na_n_or_infinity is_na_n_or_zero is_out_of_date is_subclass_of_generic is_valid is_win "
        "lazy_to_lower lazy_to_upper list_equals make_tradable matches_type_name move normalize "
        "normalize_to_str option_right_to_lower option_style_to_lower order_by_safe "
        "order_targets_by_margin_impact parse_data_mapping_mode parse_option_right parse_option_style "
        "percent_change prefix_with_algorithm_time process_security_changes process_until_empty "
        "protobuf_serialize read_lines remove_from_end remove_from_start requires_mapping reset "
        "resolution_to_lower round round_down_in_time_zone safe_as_managed_object safe_decimal_cast "
        "safe_division safe_enumeration safe_multiply_100 scale security_type_to_lower "
        "serialize_json_to_stream serialize_json_to_string set_runtime_error should_emit_data "
        "single_or_algorithm_type_name smart_rounding smart_rounding_short stop_safely "
        "subscribe_with_mapping synchronously_await_task synchronously_await_task_result to_camel_case "
        "to_csv to_csv_data to_decimal to_decimal_allow_exponent to_display_string to_financial_figures "
        "to_func to_hex_string to_higher_resolution_equivalent to_int_32 to_int_64 to_lower to_md_5 "
        "to_normalized_decimal to_order_direction to_order_ticket to_py_list to_py_list_un_safe "
        "to_query_string to_safe_string to_sha_256 to_stream to_string_performance "
        "to_subscription_data_config truncate_to_3_decimal_places try_convert try_create_type "
        "try_download_data try_get_decimal_from_csv try_get_from_csv try_get_live_subscription_symbol "
        "try_get_property_value try_parse_security_type unsubscribe_with_mapping wait_one "
        "with_embedded_html_anchors"
    ),
    "FTXBrokerageModel": "get_default_markets market_name",
    "FTXFeeModel": "maker_fee taker_fee",
    "Field": "ASK_PRICE BID_PRICE",
    "Fill": "get_enumerator",
    "FillModel": (
        "get_market_fill_price get_prices_checking_python_wrapper is_entirely_after_stop_triggered "
        "python_wrapper should_wait_for_fresh_data should_wait_for_fresh_data_on_stale"
    ),
    "Forex": "decompose_currency_pair",
    "Globals": (
        "CACHE api cache_data_folder get_data_folder_path live_mode organization_id project_id reset "
        "results_destination_folder user_id user_token version"
    ),
    "Greeks": "get_safe_theta",
    "GroupOrderManager": "order_ids",
    "HasSufficientBuyingPowerForOrderParameters": "for_underlying",
    "IndexOptionSymbol": "SUPPORTED_INDEX_OPTION_TICKERS",
    "IndiaFeeModel": (
        "brokerage_multiplier exchange_transaction_charge_multiplier is_stamp_charges_from_order_value "
        "max_brokerage sebi_charges_multiplier securities_transaction_tax_total_multiplier "
        "stamp_charges_multiplier state_tax_multiplier"
    ),
    "IndicatorBase": "compute_next_value equals get_hash_code on_updated validate_and_compute_next_value",
    "IndicatorBasedOptionPriceModelProvider": "securities",
    "IndicatorDataPoint": "equals get_hash_code",
    "IndicatorHistory": "data get_enumerator",
    "InitialMargin": "ZERO",
    "InitialMarginParameters": "for_underlying",
    "InteractiveBrokersBrokerageModel": (
        "supported_contingency_types supported_order_types supported_time_in_forces"
    ),
    "InteractiveBrokersFeeModel": "get_potential_order_price",
    "InterestRateProvider": "DEFAULT_RISK_FREE_RATE from_csv_file get_interest_rate_provider try_parse",
    "IntradayVwap": "try_get_volume_and_average_price",
    "KrakenFeeModel": "MAKER_TIER_1_CRYPTO_FEE TAKER_TIER_1_CRYPTO_FEE TIER_1_FX_FEE",
    "LeanData": (
        "SECURITY_TYPE_AS_DATA_PATH aggregate_quote_bars aggregate_ticks aggregate_ticks_to_trade_bars "
        "aggregate_trade_bars generate_line generate_relative_factor_file_path "
        "generate_relative_universes_directory generate_relative_zip_file_directory "
        "generate_relative_zip_file_path generate_universes_directory generate_zip_entry_name "
        "generate_zip_file_path get_common_tick_type get_common_tick_type_for_common_data_types "
        "get_consolidator_start_time get_daily_calendar get_data_type get_intraday_calendar "
        "get_next_daily_end_time is_common_lean_data_type is_valid_configuration option_use_scale_factor "
        "parse_data_security_type parse_key parse_time read_symbol_from_zip_entry set_strict_end_times "
        "supports_extended_market_hours try_parse_path try_parse_security_type use_daily_strict_end_times "
        "use_strict_end_time"
    ),
    "LocalDiskMapFileProvider": "get",
    "LocalDiskShortableProvider": "brokerage data_provider",
    "MaintenanceMarginParameters": "absolute_holdings_cost for_underlying",
    "MarketHourAwareConsolidator": "create_consolidator data_time_zone",
    "MarketHoursDatabase": (
        "ALWAYS_OPEN DATA_FOLDER_DATABASE_LOCK contains_key custom_entries data_folder_database entries "
        "exchange_hours_listing reset"
    ),
    "McClellanSummationIndex": "summation",
    "Messages": "set_algorithm_language",
    "MultiSymbolIndicator": "compute_indicator data_by_symbol indicator_value",
    "NumeraiSignalExport": "allowed_security_types convert_targets_to_numerai dispose http_client name send",
    "ObjectStore": "dispose error_raised initialize read_xml save_xml",
    "Option": "default_settlement_days enable_greek_approximation",
    "OptionChain": (
        "at_the_money atm back_month back_months box_spread call_butterfly call_calendar_spread call_ladder "
        "call_spread calls_only conversion create_chain create_filter_universe d delta expiration "
        "expiring_after expiring_before farthest_expiration filter filtered_contracts front_month g gamma "
        "get_aux get_aux_list get_enumerator implied_volatility in_the_money iron_butterfly iron_condor itm "
        "iv jelly_roll naked_call naked_put oi open_interest otm out_of_the_money protective_collar "
        "put_butterfly put_calendar_spread put_ladder put_spread puts_only r rho standards_only straddle "
        "strangle strikes strikes_above strikes_below t theta v vega volume weeklys_only where zero_dte"
    ),
    "OptionContract": "create days_to_expiry",
    "OptionFilterUniverse": (
        "at_the_money atm default_at_the_money_strike_distance exchange_hours get_greeks "
        "get_implied_volatility in_the_money itm otm out_of_the_money security_type strikes_above "
        "strikes_below underlying_internal"
    ),
    "OptionGreekIndicatorsHelper": "crr_theoretical_price forward_tree_theoretical_price time_till_expiry",
    "OptionGreeksIndicatorBase": "calculate_greek",
    "OptionIndicatorBase": "get_option_model",
    "OptionStrategy": "create",
    "OptionUniverse": (
        "add add_range cache_symbol csv_header csv_line data filtered_contracts get_enumerator "
        "get_universe_full_file_path to_csv try_get_cached_symbol universe_symbol"
    ),
    "Order": "contingency copy_to create_order create_positions get_value_impl",
    "OrderEvent": "from_serialized",
    "OrderResponse": (
        "invalid_new_status invalid_status missing_security unable_to_find_order warming_up zero_quantity"
    ),
    "OrderSubmissionData": "clone",
    "OrderTicket": (
        "contingency invalid_cancel_order_id invalid_submit_request invalid_update_order_id order_set"
    ),
    "PivotPointsHighLow": "convert_to_computed_value find_next_high_pivot_point find_next_low_pivot_point",
    "PortfolioTarget": "minimum_order_margin_percentage_warning_sent",
    "PositionGroup": "empty get_enumerator try_get_position",
    "PositionGroupBuyingPowerModel": (
        "equals get_contemplated_groups_initial_margin get_hash_code get_initial_margin_required_for_order "
        "get_maximum_lots_for_delta_buying_power get_maximum_lots_for_target_buying_power "
        "get_order_fee_in_account_currency get_position_group_buying_power get_position_group_order_quantity "
        "get_reserved_buying_power_impact has_sufficient_buying_power_for_order "
        "passes_position_group_specific_buying_power_for_order_checks required_free_buying_power_percent "
        "to_account_currency unable_to_converge"
    ),
    "PositionGroupCollection": (
        "EMPTY add combine_with contains get_enumerator keys try_get_group try_get_groups values"
    ),
    "PositionGroupKey": "create_empty_positions equals get_hash_code unit_quantities",
    "PythonData": "is_of_type",
    "QCAlgorithm": (
        "MAX_NAME_AND_TAGS_LENGTH MAX_TAGS_COUNT add_alpha add_command add_crypto_future add_future_contract "
        "add_future_option add_future_option_contract add_risk_management add_series add_universe_options "
        "alpha arima bracket_order broadcast_command brokerage_message_handler candlestick_patterns "
        "create_date_range_history_requests debug_messages debug_mode default_order_properties "
        "deployment_details download emit_insights enable_automatic_indicator_warm_up error_messages "
        "execution framework_post_initialize fundamentals future_chain future_chain_provider future_chains "
        "futures_chain futures_chains get_data_frame get_data_typed_history get_locked history_provider "
        "insights insights_generated link log_messages name_updated nhnl nhnlv notify on_framework_data "
        "on_framework_securities_changed one_cancels_other_order one_triggers_other_order "
        "one_updates_other_order order_factory pandas_converter portfolio_construction risk_management "
        "run_command run_time_error runtime_statistics set_algorithm_mode set_alpha set_api "
        "set_available_data_types set_brokerage_message_handler set_current_slice set_date_time "
        "set_deployment_details set_deployment_target set_execution set_future_chain_provider "
        "set_history_provider set_locked set_object_store set_pandas_converter set_portfolio_construction "
        "set_risk_management set_run_time_error set_statistics_service set_status set_universe_selection "
        "status t_3 tags_updated ticker time_keeper tp trading_calendar universe universe_selection vp γ δ θ "
        "ρ"
    ),
    "QuoteBar": "parse_cfd parse_equity parse_forex parse_future parse_option",
    "RenkoConsolidator": "close_on close_rate high_rate low_rate open_on open_rate",
    "RollingWindow": "get_enumerator",
    "ScheduleManager": "set_event_schedule",
    "ScheduledEvent": (
        "ALGORITHM_END_OF_DAY_DELTA SECURITY_END_OF_DAY_DELTA equals get_hash_code on_event_fired"
    ),
    "ScheduledUniverse": "get_trigger_times",
    "Security": (
        "NULL_LEVERAGE data data_filter fundamentals is_custom_data open_interest "
        "refresh_data_normalization_mode_property reset subscription_data_config try_get try_get_member "
        "try_invoke_member try_set_member update update_consumers_market_price"
    ),
    "SecurityCache": (
        "add_data add_data_list process_data_point session set_local_time_keeper share_type_cache_instance "
        "store_data try_get_value update_open_interest"
    ),
    "SecurityChanges": "NONE create filter_custom_securities filter_internal_securities",
    "SecurityHolding": "on_quantity_changed quantity_changed security update_market_price",
    "SecurityIdentifier": (
        "INVALID_SYMBOL_CHARACTERS equals get_hash_code ticker try_get_custom_data_type "
        "try_get_custom_data_type_instance"
    ),
    "SecurityManager": (
        "check_for_implicitly_created_symbol clear collection_changed contains copy copy_to "
        "create_benchmark_security create_security fromkeys get_items get_keys get_values is_read_only "
        "on_collection_changed pop popitem set_live_mode set_security_service setdefault update utc_time"
    ),
    "SecurityPortfolioManager": (
        "add check_for_implicitly_created_symbol clear contains copy copy_to fromkeys get_items get_keys "
        "get_security get_values is_read_only log_margin_information pop popitem remove setdefault update"
    ),
    "SecurityPortfolioModel": "process_close_trade_profit",
    "SecurityPositionGroupModel": (
        "check_for_implicitly_created_symbol clear contains_key copy create_default_key fromkeys get "
        "get_impacted_groups get_items get_keys get_position_group_resolver get_values is_read_only items "
        "keys pop popitem position_group_buying_power_model remove resolve_position_groups setdefault "
        "try_create_position_group try_get_value update values"
    ),
    "SecurityPriceVariationModel": "get_minimum_price_variation",
    "SecurityTransactionManager": (
        "get_increment_contingent_order_set_id get_projected_holdings minimum_order_quantity "
        "minimum_order_size set_live_mode set_order_processor"
    ),
    "SharpeRatio": "numerator rate_of_change ratio risk_free_rate",
    "SignalExportManager": "flush get_portfolio_targets on_order_event",
    "Slice": (
        "check_for_implicitly_created_symbol copy fromkeys get_enumerator get_items is_read_only popitem "
        "update"
    ),
    "StopLimitOrder": "stop_triggered_time",
    "SubmitOrderRequest": "bracket contingency triggers",
    "SubscriptionDataConfig": "contract_depth_offset data_mapping_mode equals get_hash_code new_symbol",
    "SubscriptionDataSource": "equals get_hash_code",
    "SubscriptionManager": (
        "available_data_types default_data_types get_data_types_for_security "
        "is_subscription_valid_for_consolidator lookup_subscription_config_data_types "
        "scan_past_consolidators set_data_manager"
    ),
    "Symbol": (
        "equals get_alias get_hash_code get_option_type_from_underlying get_underlying_from_option_type"
    ),
    "SymbolPropertiesDatabase": (
        "DATA_FOLDER_DATABASE_LOCK custom_entries data_folder_database entries from_csv_line reset"
    ),
    "Time": (
        "MAX_TIME_SPAN START abs date_time_range date_time_to_unix_time_stamp "
        "date_time_to_unix_time_stamp_milliseconds date_time_to_unix_time_stamp_nanoseconds each_day "
        "each_tradeable_day each_tradeable_day_in_time_zone end_of_time_time_span "
        "get_end_time_for_trade_bars get_next_live_auxiliary_data_due_time "
        "get_number_of_trade_bars_in_interval get_second_uneven_wait get_start_time_for_trade_bars "
        "live_auxiliary_data_offset max min multiply normalize_instant_within_range normalize_time_step "
        "parse_date parse_fix_utc_timestamp time_stamp tradable_date tradeable_dates "
        "unix_millisecond_time_stamp_to_date_time unix_nanosecond_time_stamp_to_date_time "
        "unix_time_stamp_to_date_time"
    ),
    "TimeRules": (
        "get_market_open_close_exchange_hours get_security_exchange_hours get_symbol market_hours_database "
        "securities time_zone"
    ),
    "TradeBar": (
        "initialized parse parse_cfd parse_crypto parse_equity parse_forex parse_future parse_index "
        "parse_option"
    ),
    "TradeBuilder": "set_live_mode set_security_manager",
    "TrailingStopOrder": "try_update_stop_price",
    "Universe": (
        "asynchronous create_security data_type get_subscription_requests market on_selection_changed "
        "perform_selection security_type select_symbols selection_changed"
    ),
    "UniverseManager": (
        "check_for_implicitly_created_symbol clear collection_changed contains copy copy_to dictionary "
        "fromkeys get_enumerator get_items get_keys get_values is_read_only on_collection_changed pop "
        "popitem process_changes setdefault update"
    ),
    "UniverseSettings": "schedule subscription_data_types",
    "UpdateOrderRequest": "is_allowed_for_closed_order",
    "UserDefinedUniverse": (
        "add collection_changed create_symbol get_trigger_times interval on_collection_changed remove"
    ),
    "VBaseSignalExport": "allowed_security_types build_csv dispose http_client name send",
    "VolumeWeightedAveragePriceIndicator": "get_time_weighted_average_price price volume vwap",
    "dYdXFeeModel": "get_fee",
}
